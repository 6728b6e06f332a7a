import { normalQuantile } from './normal.js';
import { studentTQuantile } from './student-t.js';

/** Lower and upper end. */
export type Interval = readonly [number, number];

/**
 * Wilson's score interval of a proportion (1927). Keeps its coverage for few trials and near 0 and 1.
 *
 * @param successes - in [0, trials]; need not be whole
 * @param trials - at least 1
 * @param level - default 0.95
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  const z = normalQuantile(0.5 + level / 2);
  const p = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  // At 0 and at all successes one end is 0 or 1 exactly, but for rounding.
  return [
    successes <= 0 ? 0 : Math.max(0, centre - half),
    successes >= trials ? 1 : Math.min(1, centre + half),
  ];
}

/** Mean of independent values and the interval of Student's t about it. `values`: at least two. */
export function meanInterval(values: readonly number[], level = 0.95): { mean: number; interval: Interval } {
  const average = mean(values);
  const error = Math.sqrt(sampleVariance(values) / values.length);
  const half = studentTQuantile(0.5 + level / 2, values.length - 1) * error;
  return { mean: average, interval: [average - half, average + half] };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Unbiased variance (divisor n - 1); exactly 0 where all values are equal. */
export function sampleVariance(values: readonly number[]): number {
  if (values.every((value) => value === values[0])) return 0;
  const average = mean(values);
  return values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1);
}
