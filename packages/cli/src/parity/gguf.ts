import type { Checker } from './fixture.js';
import { skipped } from './tally.js';

/** Numbers of a model in GGUF form, which this build does not read. */
export const ggufChecker: Checker = {
  kind: 'GGUF model',
  recognises: ({ json }) => 'dequantised' in json,
  check: () => skipped('needs a GGUF reader, which this build does not have'),
};
