import { badInput } from './input-error.js';
import { mean, meanInterval, sampleVariance, type Interval } from './interval.js';
import { normalCdf, normalQuantile } from './normal.js';
import { signFlipPValue } from './sign-flip.js';
import { binomialCdf } from './special.js';

/** From this many problems on the sign-flip distribution is taken as normal. */
const MANY = 1000;

/** How much better the second of two runs is. */
export interface PairedDifference {
  /** Mean over problems of second minus first. */
  readonly difference: number;
  /** Interval of the difference, within [-1, 1]. */
  readonly interval: Interval;
  /** Two-sided p-value of "no difference". */
  readonly pValue: number;
  readonly method: 'mcnemar' | 'sign-flip' | 'normal';
  readonly problems: number;
}

/**
 * Compares two runs problem by problem, which takes the problems' difficulty out of the uncertainty.
 *
 * With one sample per problem (all differences -1, 0 or 1): McNemar's exact test, and the interval of Bonett and
 * Price (2012), which stays honest where few or no problems changed. Otherwise: the sign-flip test (normal for more
 * than 1000 problems) and the paired t interval. The exact tests err on the side of no difference, so that p may be
 * a little above 0.05 where the interval just excludes 0.
 *
 * @param first - [problem], fraction correct in the first run, in [0, 1]
 * @param second - [problem], of the same problems in the same order
 * @param options - `level`: default 0.95; `seed`: of the sign flips, default 0
 * @throws DoppioError STATISTICS_INPUT
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  { level = 0.95, seed = 0 }: { readonly level?: number; readonly seed?: number } = {},
): PairedDifference {
  const differences = subtract(first, second);
  const problems = differences.length;
  const common = { difference: mean(differences), problems };
  if (differences.every((value) => value === 0 || Math.abs(value) === 1)) {
    const interval = bonettPriceInterval(differences, level);
    return { ...common, interval, pValue: mcNemarPValue(differences), method: 'mcnemar' };
  }
  const variance = sampleVariance(differences);
  // Without spread (or with one problem) t has no interval.
  const interval = variance > 0 ? tInterval(differences, level) : bonettPriceInterval(differences, level);
  if (problems <= MANY || variance === 0)
    return { ...common, interval, pValue: signFlipPValue(differences, seed), method: 'sign-flip' };
  const z = common.difference / Math.sqrt(variance / problems);
  return { ...common, interval, pValue: 2 * normalCdf(-Math.abs(z)), method: 'normal' };
}

/** McNemar's exact test: of the problems that changed, are half better and half worse? `differences` in {-1, 0, 1}. */
export function mcNemarPValue(differences: readonly number[]): number {
  const better = differences.filter((value) => value > 0).length;
  const worse = differences.filter((value) => value < 0).length;
  return Math.min(1, 2 * binomialCdf(Math.min(better, worse), better + worse, 0.5));
}

/**
 * Interval of a mean of paired differences in [-1, 1] (Bonett and Price, "Adjusted Wald confidence interval for a
 * difference of binomial proportions based on paired data", 2012): one made-up problem got better and one got worse,
 * then the normal interval.
 */
export function bonettPriceInterval(differences: readonly number[], level = 0.95): Interval {
  const n = differences.length + 2;
  const centre = differences.reduce((sum, value) => sum + value, 0) / n;
  const square = (differences.reduce((sum, value) => sum + value * value, 0) + 2) / n;
  const half = normalQuantile(0.5 + level / 2) * Math.sqrt((square - centre * centre) / n);
  return [Math.max(-1, centre - half), Math.min(1, centre + half)];
}

function tInterval(differences: readonly number[], level: number): Interval {
  const [low, high] = meanInterval(differences, level).interval;
  return [Math.max(-1, low), Math.min(1, high)];
}

function subtract(first: readonly number[], second: readonly number[]): number[] {
  if (first.length !== second.length)
    throw badInput(
      'Two runs can be compared on the same problems only',
      'first and second',
      `${first.length} and ${second.length} problems`,
    );
  if (first.length === 0)
    throw badInput('A comparison needs at least one problem', 'first and second', 'none in common');
  for (const [name, run] of [
    ['first', first],
    ['second', second],
  ] as const) {
    const bad = run.findIndex((value) => !(value >= 0 && value <= 1));
    if (bad >= 0)
      throw badInput('A fraction of correct samples must be in [0, 1]', `${name}[${bad}]`, run[bad]);
  }
  return second.map((value, i) => value - (first[i] as number));
}
