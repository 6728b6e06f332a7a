export * from './onnx-sampler.js';
export * from './sessions.js';
export * from './graph/decode-graph.js';
export * from './graph/prefill-graph.js';
export * from './graph/weights.js';
export { default, OnnxSamplerOptionsSchema } from './plugin.js';
