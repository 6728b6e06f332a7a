export * from './block.js';
export * from './linear.js';
export * from './packed-attention.js';
export * from './training-block.js';
export * from './head.js';
export * from './rope.js';
export * from './rope-feeds.js';
