export * from './colors.js';
export * from './console-tracker.js';
export * from './live-area.js';
export * from './jsonl-tracker.js';
export * from './format.js';
export { default } from './plugin.js';
