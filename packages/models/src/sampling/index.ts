export * from './filter-logits.js';
