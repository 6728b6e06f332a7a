export * from './elementwise.js';
export * from './matmul.js';
export * from './layout.js';
export * from './parts.js';
export * from './gather.js';
export * from './reduce.js';
export * from './transformer.js';
export * from './loop.js';
