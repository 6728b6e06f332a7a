import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { filterLogits, logSoftmax, type FilterSettings } from './filter-logits.js';

const path = fileURLToPath(new URL('../../../../golden/text/sampling.json', import.meta.url));

interface Case {
  readonly logits: readonly (number | null)[];
  readonly settings: FilterSettings;
  readonly previous: readonly number[];
  readonly tieDependent?: boolean;
  readonly probs: readonly number[];
  readonly logprobs: readonly (number | null)[];
}

describe('distributions of Transformers', () => {
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    cases: Case[];
  };

  it.each(cases.map((entry, i) => [i, entry] as const))(
    'case %i',
    (_, { logits, settings, previous, ...expected }) => {
      const scores = filterLogits(
        logits.map((value) => value ?? -Infinity),
        settings,
        previous,
      );
      const logProbs = logSoftmax(scores);
      const probs = logProbs.map(Math.exp);
      if (expected.tieDependent === true) {
        const sorted = [...expected.probs].sort((a, b) => a - b);
        probs.sort().forEach((prob, i) => expect(prob).toBeCloseTo(sorted[i] as number, 6));
        return;
      }
      expect([...scores].map((score) => score > -Infinity)).toEqual(
        expected.logprobs.map((value) => value !== null),
      );
      expected.probs.forEach((prob, i) => expect(Math.abs((probs[i] as number) - prob)).toBeLessThan(1e-6));
      expected.logprobs.forEach((value, i) => {
        if (value === null) return;
        expect(Math.abs((logProbs[i] as number) - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      });
    },
  );
});

describe('filters', () => {
  it('do nothing and leave their argument alone when they are off', () => {
    const logits = new Float32Array([1, -2, 3]);
    expect(filterLogits(logits, {})).toEqual(new Float64Array([1, -2, 3]));
    filterLogits(logits, { temperature: 0.5, topK: 1 });
    expect(logits).toEqual(new Float32Array([1, -2, 3]));
  });

  it('temperature 0 keeps the first of the likeliest tokens', () => {
    expect(filterLogits([1, 4, 4, 2], { temperature: 0 })).toEqual(
      new Float64Array([-Infinity, 4, -Infinity, -Infinity]),
    );
  });

  it('top-p keeps the earlier of equal tokens', () => {
    expect([...filterLogits([0, 0, 0, 0], { topP: 0.5 })]).toEqual([0, 0, -Infinity, -Infinity]);
  });

  it('log-probabilities of any row sum to one', () => {
    const logProbs = logSoftmax([1000, 999, -1000, -Infinity]);
    expect(logProbs.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 12);
    expect(logProbs[3]).toBe(-Infinity);
  });
});
