export { default } from './plugin.js';
export * from './options.js';
export * from './match-paths.js';
export * from './lora-sites.js';
export * from './lora-factory.js';
export * from './full-factory.js';
export * from './peft-config.js';
export * from './merge.js';
