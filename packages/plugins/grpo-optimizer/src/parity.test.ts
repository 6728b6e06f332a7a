import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  adamwCase,
  advantagesCase,
  lossCase,
  relativeError,
  scheduleCase,
  type AdamwCase,
  type AdvantagesCase,
  type LossCase,
  type ParityResult,
  type ScheduleCase,
} from './parity/index.js';

const folder = new URL('../../../../golden/', import.meta.url);
const cases = <Case>(path: string): readonly Case[] =>
  (JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as { cases: readonly Case[] }).cases;

const expectParity = (results: readonly ParityResult[]): void => {
  expect(results.length).toBeGreaterThan(0);
  results.forEach(({ worstError, limit }, i) =>
    expect(worstError, `case ${String(i)}`).toBeLessThanOrEqual(limit),
  );
};

// Of TRL 1.16, PyTorch 2.13 and Transformers 5.23.
describe('golden numbers', () => {
  it('token losses, their derivatives and metrics', () => {
    expectParity(cases<LossCase>('numeric/grpo-losses.json').map(lossCase));
  });

  it('advantages', () => {
    expectParity(cases<AdvantagesCase>('numeric/advantages.json').map(advantagesCase));
  });

  it.each(['float64', 'float32'] as const)('AdamW with clipping in %s', (precision) => {
    expectParity(cases<AdamwCase>('numeric/adamw.json').map((golden) => adamwCase(golden, precision)));
  });

  it('schedules', () => {
    expectParity(cases<ScheduleCase>('text/schedules.json').map(scheduleCase));
  });

  it('sees a number that is wrong in the eighth digit', () => {
    const golden = cases<LossCase>('numeric/grpo-losses.json').map((wrong) => ({
      ...wrong,
      expected: {
        ...wrong.expected,
        dloss_dlogps: wrong.expected.dloss_dlogps.map((row) => row.map((d) => d * (1 + 1e-8))),
      },
    }));
    for (const { worstError, limit } of golden.map(lossCase)) expect(worstError).toBeGreaterThan(limit);
  });
});

describe('relativeError', () => {
  it('is relative to the largest expected value', () => {
    expect(relativeError([2.02, 0.01], [2, 0])).toBeCloseTo(0.01, 12);
  });
  it('is absolute where all are expected to be 0', () => {
    expect(relativeError([0.25], [0])).toBe(0.25);
  });
  it('does not count what printing rounded away', () => {
    expect(relativeError([1.0000000004], [1], 9)).toBe(0);
    expect(relativeError([1.0000001], [1], 9)).toBeGreaterThan(9e-8);
  });
  it.each([
    [[1], [1, 2]],
    [[NaN], [1]],
  ])('%j is infinitely far from %j', (actual, expected) => {
    expect(relativeError(actual, expected)).toBe(Infinity);
  });
});
