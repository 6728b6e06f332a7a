export * from './expected-tensors.js';
export * from './load-model-weights.js';
export * from './save-model.js';
export * from './weight-bytes.js';
