export * from './model-config.js';
export * from './parse-model-config.js';
