import { meanOfTokens } from './aggregation.js';
import type { TokenLoss } from './token-loss.js';

/**
 * CISPO (MiniMax-M1, arXiv 2506.13585): -min(r, epsilonHigh) A log pi with the capped ratio held constant, so that no
 * token loses its gradient. Mean over the batch's tokens.
 */
export const cispoLoss: TokenLoss = (completion, batch, { epsilonHigh }) => {
  const { logProbs, ratio, advantage, sequenceRatio } = completion;
  const dLogProb = ratio.map((r) => -Math.min(r, epsilonHigh) * advantage);
  const ratios = sequenceRatio ? Float64Array.of(ratio[0] ?? 1) : ratio;
  return {
    loss: dLogProb.map((d, t) => d * (logProbs[t] as number)),
    dLogProb,
    weight: meanOfTokens(ratio.length, batch),
    metrics: {
      cispo_clip_ratio: {
        reduce: 'mean',
        sum: advantage > 0 ? ratios.filter((r) => r > epsilonHigh).length : 0,
        count: ratios.length,
      },
    },
  };
};
