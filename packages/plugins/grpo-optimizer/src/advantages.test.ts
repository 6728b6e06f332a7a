import type { RewardTable } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { computeAdvantages, type AdvantageOptions } from './advantages.js';

const options: AdvantageOptions = { scale: 'group', aggregation: 'sum_then_normalize' };
const both = ['sum_then_normalize', 'normalize_then_sum'] as const;

function table(groups: readonly (readonly (number | null)[])[], weight = 1): RewardTable {
  return {
    functions: [{ id: 'accuracy', weight }],
    values: groups.flat().map((value) => [value]),
    groupSizes: groups.map(({ length }) => length),
  };
}

describe('computeAdvantages', () => {
  it('divides by the sample standard deviation of the group', () => {
    const { advantages } = computeAdvantages(
      table([
        [0, 1],
        [0, 0, 3],
      ]),
      options,
    );
    const pair = 0.5 / (Math.SQRT1_2 + 1e-4);
    const triple = Math.sqrt(3) + 1e-4;
    [-pair, pair, -1 / triple, -1 / triple, 2 / triple].forEach((value, i) =>
      expect(advantages[i]).toBeCloseTo(value, 12),
    );
  });

  it('only subtracts the mean of the group with scale none', () => {
    expect([
      ...computeAdvantages(
        table([
          [0, 1],
          [2, 6],
        ]),
        { ...options, scale: 'none' },
      ).advantages,
    ]).toEqual([-0.5, 0.5, -2, 2]);
  });

  it('weighs functions and skips those that abstain', () => {
    const { rewards } = computeAdvantages(
      {
        functions: [
          { id: 'a', weight: 2 },
          { id: 'b', weight: 0.5 },
        ],
        values: [
          [1, 4],
          [null, 4],
          [1, null],
          [null, null],
        ],
        groupSizes: [4],
      },
      options,
    );
    expect([...rewards]).toEqual([4, 2, 2, NaN]);
  });

  it.each(both)('%s: groups without signal get exact zeros', (aggregation) => {
    const { advantages, zeroStdFraction } = computeAdvantages(
      table(
        [
          [0.1, 0.1, 0.1],
          [0, 1, 0.3],
          [0.7, 0.7, 0.7],
        ],
        0.3,
      ),
      { ...options, aggregation },
    );
    expect([...advantages.subarray(0, 3), ...advantages.subarray(6)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(advantages[4]).toBeGreaterThan(0);
    expect(zeroStdFraction).toBeCloseTo(2 / 3, 12);
  });

  it.each(both)('%s: unscorable completions get 0 and do not move the others', (aggregation) => {
    const settings = { ...options, aggregation };
    const { advantages } = computeAdvantages(table([[0, null, 1, 1]]), settings);
    const without = computeAdvantages(table([[0, 1, 1]]), settings).advantages;
    expect([...advantages]).toEqual([without[0], 0, without[1], without[2]]);
  });

  it.each(both)('%s: a group with one scored completion has no signal', (aggregation) => {
    const { advantages, zeroStdFraction } = computeAdvantages(table([[null, 1, null]]), {
      ...options,
      aggregation,
    });
    expect([...advantages]).toEqual([0, 0, 0]);
    expect(zeroStdFraction).toBe(1);
  });

  it.each<[string, RewardTable, RegExp]>([
    ['NaN', table([[0, NaN]]), /completion 1, function accuracy/],
    ['infinity', table([[Infinity, 0]]), /completion 0/],
    ['an empty batch', table([]), /empty batch/],
    ['no functions', { ...table([[0, 1]]), functions: [] }, /no reward function/],
    ['group sizes of another batch', { ...table([[0, 1]]), groupSizes: [3] }, /3 for 2 completions/],
    ['a group size of 0', { ...table([[0, 1]]), groupSizes: [2, 0] }, /positive integer/],
    ['too many rewards', { ...table([[0, 1]]), values: [[0], [1, 2]] }, /2 for 1 functions/],
    ['a weight that is NaN', table([[0, 1]], NaN), /weight/],
  ])('refuses %s', (_, bad, message) => {
    expect(() => computeAdvantages(bad, options)).toThrow(message);
    expect(() => computeAdvantages(bad, options)).toThrow(
      expect.objectContaining({ code: 'REWARDS_INVALID' }),
    );
  });
});
