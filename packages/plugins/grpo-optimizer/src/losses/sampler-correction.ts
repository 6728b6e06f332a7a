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
  settings: SamplerCorrection,
): Float64Array {
  const differences = logDifferences(old, sampling);
  if (settings.mode.startsWith('token')) return differences.map((d) => boundedRatio(Math.exp(d), settings));
  const sum = differences.reduce((total, d) => total + d, 0);
  return differences.fill(boundedRatio(Math.exp(sum), settings));
}

/** An importance ratio as the settings let it through. */
export function boundedRatio(
  ratio: number,
  { mode, min = -Infinity, max = Infinity }: SamplerCorrection,
): number {
  if (mode.endsWith('truncate')) return Math.min(Math.max(ratio, min), max);
  return ratio < min || ratio > max ? 0 : ratio;
}

/** a - b [token], 0 where that is NaN: no evidence of a difference. */
export function logDifferences(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, t) => {
    const difference = value - (b[t] as number);
    return Number.isNaN(difference) ? 0 : difference;
  });
}
