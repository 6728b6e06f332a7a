import { logDifferences } from './sampler-correction.js';

/**
 * Whether a sequence is trained on (DeepSeek-V3.2, arXiv 2512.02556): one with a negative advantage is dropped when the
 * policy has moved away from what sampled it, that is when the mean of log pi_sampler - log pi exceeds `threshold`.
 *
 * @param logProbs [token] of the policy now
 * @param sampling [token] as the sampler reported them, or those before the first update
 */
export function keepsSequence(
  advantage: number,
  logProbs: Float64Array,
  sampling: Float64Array,
  threshold: number,
): boolean {
  if (advantage >= 0) return true;
  const sum = logDifferences(sampling, logProbs).reduce((total, d) => total + d, 0);
  return sum / Math.max(logProbs.length, 1) <= threshold;
}
