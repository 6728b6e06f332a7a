import { defineConfig } from '@doppio/core';
import config from './doppio.config.js';

/** The same, with the reward from node_modules. */
export default defineConfig({ ...config, plugins: ['@doppio-examples/third-party-reward'] });
