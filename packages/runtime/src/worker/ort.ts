/** The module onnxruntime-node. It is loaded at run time, so that a failure to load it can be reported. */
export type Ort = typeof import('onnxruntime-node');
