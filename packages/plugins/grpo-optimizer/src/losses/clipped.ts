import type { Aggregation } from './aggregation.js';
import type { LossCompletion, LossOptions, MetricSample, TokenLoss } from './token-loss.js';

/**
 * Clipped surrogate of PPO (arXiv 1707.06347): -min(r A, clip(r, 1 - epsilonLow, 1 + epsilonHigh) A), where the first r is
 * at most `delta` when that is set (two-sided clipping, INTELLECT-2, arXiv 2505.07291).
 * Where both sides are equal the derivative is their mean, as automatic differentiation of a minimum has it.
 */
export function clippedLoss(aggregation: Aggregation): TokenLoss {
  return (completion, batch, options) => {
    const { ratio, advantage } = completion;
    const { low, high, cap } = bounds(options);
    const loss = new Float64Array(ratio.length);
    const dRatio = new Float64Array(ratio.length);
    for (let t = 0; t < ratio.length; t += 1) {
      const r = ratio[t] as number;
      const free = Math.min(r, cap) * advantage;
      const clipped = Math.min(Math.max(r, low), high) * advantage;
      const dFree = r <= cap ? advantage : 0;
      const dClipped = r >= low && r <= high ? advantage : 0;
      loss[t] = -Math.min(free, clipped);
      dRatio[t] = -(free < clipped ? dFree : clipped < free ? dClipped : (dFree + dClipped) / 2);
    }
    return {
      loss,
      dRatio,
      weight: aggregation(ratio.length, batch),
      metrics: clipMetrics(completion, options),
    };
  };
}

function bounds({ epsilonLow, epsilonHigh, delta }: LossOptions): { low: number; high: number; cap: number } {
  return { low: 1 - epsilonLow, high: 1 + epsilonHigh, cap: delta ?? Infinity };
}

/** How many tokens (sequences, for a ratio per sequence) lie beyond the bound that cuts their gradient off. */
function clipMetrics(
  completion: LossCompletion,
  options: LossOptions,
): Readonly<Record<string, MetricSample>> {
  const { ratio, advantage, sequenceRatio } = completion;
  const { low, high, cap } = bounds(options);
  // A sequence without tokens has the ratio exp(0).
  const ratios = sequenceRatio ? [ratio[0] ?? 1] : ratio;
  let below = 0;
  let above = 0;
  for (const value of ratios) {
    const r = Math.min(value, cap);
    if (advantage < 0 && r < low) below += 1;
    if (advantage > 0 && r > high) above += 1;
  }
  const count = ratios.length;
  const means: Readonly<Record<string, MetricSample>> = {
    'clip_ratio/low_mean': { reduce: 'mean', sum: below, count },
    'clip_ratio/high_mean': { reduce: 'mean', sum: above, count },
    'clip_ratio/region_mean': { reduce: 'mean', sum: below + above, count },
  };
  if (count === 0) return means;
  return {
    ...means,
    'clip_ratio/low_min': { reduce: 'min', value: below / count },
    'clip_ratio/high_max': { reduce: 'max', value: above / count },
  };
}
