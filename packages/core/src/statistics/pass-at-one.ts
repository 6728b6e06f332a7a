import { badInput } from './input-error.js';
import { mean, meanInterval, sampleVariance, wilsonInterval, type Interval } from './interval.js';

/** Mean over problems with its uncertainty. */
export interface PassAtOne {
  readonly mean: number;
  /** Interval of the mean at the level asked for, within [0, 1]. */
  readonly interval: Interval;
  /** How the interval was made. */
  readonly method: 'wilson' | 'clustered-t';
  readonly problems: number;
}

/**
 * pass@1: the mean over problems of the fraction of correct samples, as an estimate of what the model scores on
 * problems of this kind. Problems are the independent units, samples of one problem are not: with several samples the
 * interval is Student's t over problems (standard errors clustered by problem: Miller, "Adding error bars to evals",
 * 2024). Where every problem is all right or all wrong (one sample in particular), it is Wilson's score interval.
 * Wilson's is also the answer where t has none (one problem, or all fractions equal): no distribution on [0, 1] has a
 * larger variance than the two-point one it assumes, so it errs on the wide side.
 *
 * @param fractions - [problem], in [0, 1]
 * @param level - default 0.95
 * @throws DoppioError STATISTICS_INPUT
 */
export function passAtOne(fractions: readonly number[], level = 0.95): PassAtOne {
  if (fractions.length === 0) throw badInput('pass@1 needs at least one problem', 'fractions', 'none');
  const bad = fractions.findIndex((fraction) => !(fraction >= 0 && fraction <= 1));
  if (bad >= 0)
    throw badInput('A fraction of correct samples must be in [0, 1]', `fractions[${bad}]`, fractions[bad]);
  const problems = fractions.length;
  const average = mean(fractions);
  const wholes = fractions.every((fraction) => fraction === 0 || fraction === 1);
  if (wholes || sampleVariance(fractions) === 0) {
    const interval = wilsonInterval(average * problems, problems, level);
    return { mean: average, interval, method: 'wilson', problems };
  }
  const [low, high] = meanInterval(fractions, level).interval;
  const interval = [Math.max(0, low), Math.min(1, high)] as const;
  return { mean: average, interval, method: 'clustered-t', problems };
}
