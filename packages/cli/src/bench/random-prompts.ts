import { createStream } from '@doppio/core';

/** Random token ids, the same for the same seed. */
export function randomPrompts(
  seed: number,
  step: number,
  prompts: number,
  tokens: number,
  vocabularySize: number,
): Int32Array[] {
  return Array.from({ length: prompts }, (_, prompt) => {
    const stream = createStream({ seed, purpose: 'bench/prompts', step, prompt });
    return Int32Array.from({ length: tokens }, () => stream.integer(vocabularySize));
  });
}
