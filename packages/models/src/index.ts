export * from './files/index.js';
export * from './config/index.js';
export * from './safetensors/index.js';
export * from './weights/index.js';
export * from './graph/index.js';
export * from './tokenizer/index.js';
export * from './sampling/index.js';
