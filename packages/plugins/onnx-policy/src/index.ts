export * from './create.js';
export * from './onnx-policy.js';
export * from './engine.js';
export * from './micro-batch.js';
export * from './packing.js';
export { default, OnnxPolicyOptionsSchema } from './plugin.js';
