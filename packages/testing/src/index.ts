export * from './check-gradients.js';
