export * from './dtype.js';
export * from './convert.js';
export * from './header.js';
export * from './safetensors-file.js';
export * from './write-safetensors.js';
export * from './checkpoint.js';
