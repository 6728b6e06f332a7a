import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifyExactly } from './exact-answer-verifier.js';
import { recordedVerdict, rewardsCase, type RewardsCase, type RewardsParameters } from './parity.js';

const path = fileURLToPath(new URL('../../../../golden/text/rewards.json', import.meta.url));

// Recorded from the published project's reward functions; see golden/README.md.
interface Recorded {
  readonly cases: readonly RewardsCase[];
  readonly parameters: RewardsParameters;
}
const { cases, parameters } = JSON.parse(readFileSync(path, 'utf8')) as Recorded;

describe('published values', () => {
  it('are met by every function on all groups', () => {
    expect(cases.length).toBe(37);
    for (const testCase of cases) {
      const { worstError, limit, details } = rewardsCase(testCase, parameters);
      expect(details, `group ${String(testCase.group)}`).toEqual([]);
      expect(worstError).toBeLessThanOrEqual(limit);
    }
  });

  it('are missed by another verdict, value or unknown function', () => {
    const testCase = cases[2] as RewardsCase;
    expect(rewardsCase(testCase, parameters, () => false).worstError).toBeGreaterThan(0.1);
    const { format = [], ...others } = testCase.values;
    const off = { ...testCase, values: { ...others, format: format.map((v) => 1 - (v ?? 0)), other: [0] } };
    expect(rewardsCase(off, parameters).details.join('\n')).toMatch(
      /format, completion 0[^]*other: not known here/,
    );
  });

  it('come from unreadable golds where there is no LaTeX', () => {
    const unreadable = cases.filter((testCase) => recordedVerdict(testCase, 0) === null);
    expect(unreadable.map(({ group }) => group)).toEqual([1, 15, 16, 17, 32]);
  });

  it('tell their verdict themselves, wherever in a file a group stands', () => {
    for (const testCase of cases) {
      const moved = { ...testCase, group: testCase.group + 1000 };
      expect(rewardsCase(moved, parameters).details).toEqual([]);
    }
    // As accuracy has it where no cosine is recorded.
    const { gold, completions, targetLength } = cases[0] as RewardsCase;
    const accuracy = { group: 0, gold, completions, targetLength, values: { accuracy: [0, 1] } };
    expect([0, 1].map((i) => recordedVerdict(accuracy, i))).toEqual([false, true]);
    expect(recordedVerdict({ ...accuracy, gold: '18' }, 1)).toBeNull();
  });
});

describe('the exact verifier', () => {
  it('finds equal what Math-Verify does, and beyond it only answers that it misreads or has no gold for', () => {
    const more = cases.flatMap(({ group, gold, completions, values }) =>
      completions.flatMap((completion, i) =>
        typeof completion === 'string' &&
        verifyExactly(gold, completion).verdict === 'equal' &&
        values['accuracy']?.[i] !== 1
          ? [`${String(group)}/${String(i)}`]
          : [],
      ),
    );
    // 83. for 83, \frac12 and \frac 1 2 for 1/2, 72\,\% for 72\%, 5 + 10 i after another box; words without LaTeX (15).
    expect(more).toEqual(['0/0', '0/1', '3/1', '10/0', '15/1', '15/2', '20/3', '35/3']);
  });
});
