import { describe, expect, it } from 'vitest';
import { planMicroBatches, sliceTokens, type GroupSlice } from './micro-batch.js';
import { makeGroups } from '../test/tiny-model.js';

const groups = makeGroups([10, 5, 9, 1], [4, 30, 30, 30], [3], [7, 0, 2], [50, 2], [2, 6, 6, 6, 6, 6]);

const tokensOf = (slices: readonly GroupSlice[]): number =>
  slices.reduce(
    (sum, slice) =>
      sum + sliceTokens(groups[slice.group] ?? { promptIds: new Int32Array(), completions: [] }, slice),
    0,
  );

describe('planning micro-batches', () => {
  it('counts a prompt once and no last token', () => {
    expect(sliceTokens(groups[0] as (typeof groups)[0], { group: 0, first: 0, count: 3 })).toBe(
      10 + 4 + 8 + 0,
    );
    expect(sliceTokens(groups[0] as (typeof groups)[0], { group: 0, first: 1, count: 1 })).toBe(10 + 8);
    expect(sliceTokens(groups[3] as (typeof groups)[0], { group: 3, first: 0, count: 2 })).toBe(7 + 0 + 1);
  });

  it.each([1, 10, 33, 40, 64, 100, 1000])('computes every completion once, in order: budget %i', (budget) => {
    const planned = planMicroBatches(groups, budget)
      .flat()
      .flatMap(({ group, first, count }) => Array.from({ length: count }, (_, i) => [group, first + i]));
    const all = groups.flatMap(({ completions }, group) => completions.map((_, i) => [group, i]));
    expect(planned).toEqual(all);
  });

  it.each([1, 10, 33, 40, 64, 100, 1000])(
    'exceeds the budget by no more than one completion: %i',
    (budget) => {
      for (const slices of planMicroBatches(groups, budget)) {
        expect(slices.length).toBeGreaterThan(0);
        const single = slices.length === 1 && slices[0]?.count === 1;
        if (!single) expect(tokensOf(slices)).toBeLessThanOrEqual(budget);
      }
    },
  );

  it('keeps groups that fit whole, and cuts one that does not between completions', () => {
    const plan = planMicroBatches(groups, 64);
    const slices = plan.flat();
    expect(slices.filter(({ group }) => group === 1)).toEqual([
      { group: 1, first: 0, count: 2 },
      { group: 1, first: 2, count: 1 },
    ]);
    for (const group of [0, 3, 4, 5]) expect(slices.filter((slice) => slice.group === group)).toHaveLength(1);
  });

  it('takes everything at once when it fits', () => {
    expect(planMicroBatches(groups, 10_000)).toHaveLength(1);
  });

  it('makes micro-batches of about one size instead of full ones and a rest', () => {
    const even = makeGroups(...Array.from({ length: 9 }, () => [10, 11] as const)); // 20 tokens each
    const sizes = planMicroBatches(even, 160).map((slices) => slices.length);
    expect(sizes).toEqual([5, 4]);
  });

  it('leaves out what is not included, and plans nothing for nothing', () => {
    const plan = planMicroBatches(groups, 64, (group) => group === 0 || group === 4);
    expect(plan.flat().map(({ group }) => group)).toEqual([0, 4]);
    expect(planMicroBatches(groups, 64, () => false)).toEqual([]);
    expect(planMicroBatches([], 64)).toEqual([]);
    expect(planMicroBatches(makeGroups([5]), 64)).toEqual([]);
  });
});
