export * from './load-tokenizer.js';
export * from './streaming-decoder.js';
