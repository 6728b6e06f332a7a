export type ImportanceLevel = 'token' | 'sequence';

/**
 * The importance ratio of a completion from log pi - log pi_old [token]: exp of each, or exp of their mean, the same for
 * every token (GSPO, arXiv 2507.18071).
 */
export function importanceRatio(logRatio: Float64Array, level: ImportanceLevel): Float64Array {
  if (level === 'token') return logRatio.map(Math.exp);
  const mean = logRatio.reduce((sum, value) => sum + value, 0) / Math.max(logRatio.length, 1);
  return new Float64Array(logRatio.length).fill(Math.exp(mean));
}

/**
 * Turns derivatives by {@link importanceRatio} into derivatives by the completion's log-probabilities. At sequence level
 * every token's log-probability moves the ratio of all.
 */
export function throughRatio(
  dRatio: Float64Array,
  ratio: Float64Array,
  level: ImportanceLevel,
): Float64Array {
  if (level === 'token') return dRatio.map((d, t) => d * (ratio[t] as number));
  const sum = dRatio.reduce((total, value) => total + value, 0);
  return ratio.map((r) => (sum * r) / ratio.length);
}
