export * from './config/model-config.js';
export * from './graph/index.js';
