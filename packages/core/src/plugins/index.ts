export * from './define-plugin.js';
export * from './contributed-part.js';
export * from './part-request.js';
export * from './plugin-host.js';
