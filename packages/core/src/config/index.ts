export * from './schema.js';
export type * from './part-choice.js';
export * from './define-config.js';
export * from './pipeline.js';
export * from './load-config.js';
export type { Provenance } from './resolve-layers.js';
export * from './describe-config.js';
export * from './reference.js';
export * from './training-options.js';
