export * from './verify.js';
export * from './math-verifier.js';
export * from './accuracy-reward.js';
export { default } from './plugin.js';
