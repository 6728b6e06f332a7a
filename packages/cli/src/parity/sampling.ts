import { filterLogits, logSoftmax, type FilterSettings } from '@doppio/models';
import { differs } from './errors.js';
import { casesHave, listOf, type Checker } from './fixture.js';
import { statedLimit, Tally } from './tally.js';

interface SamplingCase {
  readonly logits: readonly (number | null)[];
  readonly settings: FilterSettings;
  readonly previous: readonly number[];
  /** Which of equal scores are kept depends on a sort: only the sorted probabilities are compared. */
  readonly tieDependent?: boolean;
  readonly probs: readonly number[];
  readonly logprobs: readonly (number | null)[];
}

export const samplingChecker: Checker = {
  kind: 'sampling',
  recognises: (fixture) => casesHave(fixture, 'logits', 'settings', 'probs') || /sampling/.test(fixture.name),
  check: (fixture) => {
    const limits = {
      probs: statedLimit(fixture.about, /\bprobs within ([\d.e-]+\d)/, 1e-6),
      logprobs: statedLimit(fixture.about, /logprobs within ([\d.e-]+\d)/, 1e-4),
    };
    const tally = new Tally();
    listOf<SamplingCase>(fixture, 'cases').forEach((golden, i) => {
      checkCase(golden, `case ${String(i)}`, limits, tally);
    });
    return tally.outcome();
  },
};

function checkCase(
  golden: SamplingCase,
  name: string,
  limits: { readonly probs: number; readonly logprobs: number },
  tally: Tally,
): void {
  const logits = golden.logits.map((value) => value ?? -Infinity);
  const logProbs = logSoftmax(filterLogits(logits, golden.settings, golden.previous));
  const probs = logProbs.map(Math.exp);
  const sorted = golden.tieDependent === true;
  const actual = sorted ? probs.slice().sort() : probs;
  const expected = Float64Array.from(golden.probs);
  if (sorted) expected.sort();
  tally.add(`${name}, probs`, maxDifference(actual, expected), limits.probs);
  if (sorted) return;
  const kept = (values: Iterable<boolean>): number[] => Array.from(values, Number);
  const ours = kept(Array.from(logProbs, (value) => value !== -Infinity));
  tally.add(`${name}, kept tokens`, differs(ours, kept(golden.logprobs.map((value) => value !== null))), 0);
  const errors = golden.logprobs.map((value, i) =>
    value === null ? 0 : Math.abs((logProbs[i] as number) - value) / Math.max(1, Math.abs(value)),
  );
  tally.add(`${name}, logprobs`, Math.max(0, ...errors), limits.logprobs);
}

function maxDifference(actual: Float64Array, expected: Float64Array): number {
  if (actual.length !== expected.length) return Infinity;
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))), 0);
}
