import { halfway } from './power-host.js';

await halfway;
throw new Error('a bug in the caller');
