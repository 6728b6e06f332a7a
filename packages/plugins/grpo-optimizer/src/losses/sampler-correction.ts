/** What happens to importance weights of the trainer's over the sampler's distribution that are out of bounds. */
export type SamplerCorrectionMode = 'token_truncate' | 'token_mask' | 'sequence_truncate' | 'sequence_mask';

export interface SamplerCorrection {
  /** `truncate` moves a weight to the bound, `mask` sets it to 0; a weight per token, or one per sequence (their product). */
  readonly mode: SamplerCorrectionMode;
  /** Lower bound; none when left out. */
  readonly min?: number | undefined;
  /** Upper bound; none when left out. */
  readonly max?: number | undefined;
}

/**
 * Weights [token] that correct for a sampler whose distribution is not quite the trainer's: pi_old / pi_sampler, truncated
 * (TIS) or masked (MIS, IcePop). A token that the sampler reported no log-probability for (NaN) counts as ratio 1.
 *
 * @param old [token] log-probabilities by the trainer before the first update on the batch
 * @param sampling [token] log-probabilities as the sampler reported them
 */
export function samplerCorrection(
  old: Float64Array,
  sampling: Float64Array,
  { mode, min = -Infinity, max = Infinity }: SamplerCorrection,
): Float64Array {
  const bounded = mode.endsWith('truncate')
    ? (ratio: number): number => Math.min(Math.max(ratio, min), max)
    : (ratio: number): number => (ratio < min || ratio > max ? 0 : ratio);
  const differences = logDifferences(old, sampling);
  if (mode.startsWith('token')) return differences.map((d) => bounded(Math.exp(d)));
  const sum = differences.reduce((total, d) => total + d, 0);
  return differences.fill(bounded(Math.exp(sum)));
}

/** a - b [token], 0 where that is NaN: no evidence of a difference. */
export function logDifferences(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, t) => {
    const difference = value - (b[t] as number);
    return Number.isNaN(difference) ? 0 : difference;
  });
}
