export * from './compose-run.js';
export * from './service.js';
