/** Outcome of comparing our numbers with golden ones: they agree when `worstError` is at most `limit`. */
export interface ParityResult {
  readonly worstError: number;
  readonly limit: number;
}

/**
 * Largest error of `actual`, relative to the largest magnitude of `expected`; absolute where everything expected is 0.
 * Golden numbers are printed with `digits` significant digits; what rounding to these may have changed is not counted.
 * Infinity where lengths differ or something is not a number.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 17): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  let worst = 0;
  for (let i = 0; i < expected.length; i += 1) {
    const value = expected[i] as number;
    const error =
      Math.max(0, Math.abs((actual[i] as number) - value) - printedRounding(value, digits)) / scale;
    if (Number.isNaN(error)) return Infinity;
    worst = Math.max(worst, error);
  }
  return worst;
}

/** Half a unit of the last of `digits` significant digits. */
function printedRounding(value: number, digits: number): number {
  return value === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
}
