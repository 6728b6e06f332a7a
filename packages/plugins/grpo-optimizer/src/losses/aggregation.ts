import type { LossBatch } from './token-loss.js';

/** Weight of each of a completion's `tokens` in the batch's loss. */
export type Aggregation = (tokens: number, batch: LossBatch) => number;

/** Mean over completions of the mean over their tokens (GRPO, arXiv 2402.03300). */
export const meanOfSequenceMeans: Aggregation = (tokens, batch) =>
  1 / (Math.max(tokens, 1) * batch.completions);

/** Mean over all tokens of the batch that are trained on (DAPO, arXiv 2503.14476). */
export const meanOfTokens: Aggregation = (_, batch) => 1 / batch.tokens;

/** Sum over tokens divided by a constant, the longest possible batch (Dr. GRPO, arXiv 2503.20783). */
export const constantLength: Aggregation = (_, batch) => 1 / (batch.completions * batch.maxCompletionLength);

/** Mean over completions of the sum over their tokens (LUSPO, arXiv 2602.05261). */
export const meanOfSequenceSums: Aggregation = (_, batch) => 1 / batch.completions;
