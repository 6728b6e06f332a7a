export * from './contracts/index.js';
export * from './errors/doppio-error.js';
export * from './events/events.js';
export * from './plugins/define-plugin.js';
export * from './random/key.js';
export * from './random/philox.js';
export * from './random/keyed.js';
export * from './random/stream.js';
