export * from './parts.js';
export * from './train.js';
export * from './evaluate.js';
export * from './compare.js';
export * from './rollout.js';
export * from './score-rewards.js';
export * from './update.js';
export * from './scored-completion.js';
