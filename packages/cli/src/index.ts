export * from './main.js';
export * from './program.js';
