export * from './atomic-write.js';
export * from './read-json.js';
