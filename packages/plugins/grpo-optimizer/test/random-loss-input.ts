import { createStream } from '@doppio/core';
import type { LossInput, RaggedValues } from '../src/index.js';

const lengths = [5, 1, 7, 3, 4, 6];

/** A batch of 6 completions, 26 tokens, off policy, in 64 bits; completions 1 and 4 are truncated. */
export function randomLossInput(
  seed: number,
): LossInput & { readonly oldLogProbs: RaggedValues; readonly advantages: Float64Array } {
  const random = createStream({ seed, purpose: 'loss-test' });
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (offsets[i + 1] = (offsets[i] as number) + length));
  const tokens = offsets[lengths.length] as number;
  const uniform = (from: number, to: number): number => from + (to - from) * random.next();
  const logProbs = Float64Array.from({ length: tokens }, () => uniform(-3, -0.2));
  const near = (by: number): { data: Float64Array; offsets: Int32Array } => ({
    data: logProbs.map((value) => value + uniform(-by, by)),
    offsets,
  });
  const truncated = Uint8Array.of(0, 1, 0, 0, 1, 0);
  return {
    logProbs: { data: logProbs, offsets },
    entropies: { data: Float64Array.from({ length: tokens }, () => uniform(0, 4)), offsets },
    oldLogProbs: near(0.4),
    referenceLogProbs: near(0.5),
    samplingLogProbs: near(0.5),
    advantages: Float64Array.from(lengths, (_, i) => (i % 2 === 0 ? 1 : -1) * uniform(0.2, 1.5)),
    mask: new Uint8Array(lengths.length).fill(1),
    truncated,
    batch: {
      completions: lengths.length,
      activeTokens: tokens,
      untruncatedTokens: lengths.reduce((sum, length, i) => sum + (truncated[i] === 1 ? 0 : length), 0),
      maxCompletionLength: 9,
    },
  };
}

/** Completions first .. first + count of a batch, with the totals of the whole. */
export function microBatch(input: LossInput, first: number, count: number): LossInput {
  const { offsets } = input.logProbs;
  const from = offsets[first] as number;
  const to = offsets[first + count] as number;
  const cut = (ragged: RaggedValues): RaggedValues => ({
    data: ragged.data.slice(from, to),
    offsets: offsets.slice(first, first + count + 1).map((offset) => offset - from),
  });
  return {
    ...input,
    logProbs: cut(input.logProbs),
    entropies: cut(input.entropies),
    oldLogProbs: input.oldLogProbs && cut(input.oldLogProbs),
    referenceLogProbs: input.referenceLogProbs && cut(input.referenceLogProbs),
    samplingLogProbs: input.samplingLogProbs && cut(input.samplingLogProbs),
    advantages: input.advantages.slice(first, first + count),
    mask: input.mask.slice(first, first + count),
    truncated: input.truncated.slice(first, first + count),
  };
}
