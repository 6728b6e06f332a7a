import type { RewardGroup, ScoredCompletion } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { accuracyOptions, createAccuracyReward } from './accuracy-reward.js';

const completion = (text: string): ScoredCompletion => ({
  text,
  ids: new Int32Array(1),
  finishReason: 'stop',
});
const { signal } = new AbortController();

async function score(options: object, row: Record<string, unknown>, texts: readonly string[]) {
  const warnings: string[] = [];
  const counts: Record<string, number> = {};
  const report: RewardGroup['report'] = {
    warn: (code, message) => void warnings.push(`${code} ${message}`),
    count: (name, by = 1) => void (counts[name] = (counts[name] ?? 0) + by),
  };
  const reward = createAccuracyReward(accuracyOptions.parse(options));
  const group = { row, messages: [], completions: texts.map(completion), step: 4, report };
  const values = await reward.score(group, signal);
  await reward.score(group, signal);
  return { values, warnings, counts };
}

describe('accuracy', () => {
  it('is 1 for an equal answer, 0 for another and for none', async () => {
    const { values, warnings, counts } = await score({}, { answer: '\\frac{1}{2}' }, [
      'So $\\boxed{0.5}$.',
      'So $\\boxed{0.33}$.',
      '',
    ]);
    expect(values).toEqual([1, 0, 0]);
    expect(warnings).toEqual([]);
    // Of two calls.
    expect(counts).toEqual({ prediction_unreadable: 2, gold_unreadable: 0, undecided: 0 });
  });

  it('abstains where the gold answer cannot be read, and names the row once', async () => {
    const row = { id: 60, solution: '', problem: `How many ${'long '.repeat(30)}walks?` };
    const { values, warnings, counts } = await score({ gold: 'solution' }, row, ['1', '2']);
    expect(values).toEqual([null, null]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^GOLD_UNREADABLE the gold answer of the row with id 60, with solution "" and problem "How many .*\.\.\." cannot be read \(step 5\): \S/,
    );
    expect(counts['gold_unreadable']).toBe(4);
  });

  it('abstains where the budget is used up, and counts it', async () => {
    const { values, counts } = await score({ budget: { steps: 1 } }, { answer: '12' }, ['It is 12.']);
    expect(values).toEqual([null]);
    expect(counts).toEqual({ prediction_unreadable: 0, gold_unreadable: 0, undecided: 2 });
  });

  it('compares as its options say', async () => {
    const metres = [{ answer: '$12 \\text{ m}$' }, ['$12 \\text{ km}$']] as const;
    expect((await score({}, ...metres)).values).toEqual([0]);
    expect((await score({ mode: 'compat' }, ...metres)).values).toEqual([1]);
    const digits = [{ answer: '1.23' }, ['1.2345']] as const;
    expect((await score({}, ...digits)).values).toEqual([0]);
    expect((await score({ roundToGold: true }, ...digits)).values).toEqual([1]);
  });

  it('takes numbers for their decimal text, and says which column is missing', async () => {
    expect((await score({}, { answer: 27.0 }, ['27'])).values).toEqual([1]);
    await expect(score({}, { result: 1 }, ['1'])).rejects.toMatchObject({
      code: 'REWARD_COLUMN',
      facts: { where: expect.stringContaining('result') as string },
    });
  });
});
