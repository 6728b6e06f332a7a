export * from './compare.js';
export * from './loss-case.js';
export * from './advantages-case.js';
export * from './adamw-case.js';
export * from './schedule-case.js';
