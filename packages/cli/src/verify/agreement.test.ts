import { describe, expect, it } from 'vitest';
import { Agreement } from './agreement.js';
import type { PairResult } from './pair-result.js';

const result = (equal: boolean, expected?: boolean): PairResult => ({
  equal,
  verdict: equal ? 'equal' : 'different',
  rule: 'value',
  gold: '1',
  pred: '2',
  reason: '',
  ...(expected === undefined ? {} : { expected }),
});

describe('Agreement', () => {
  it('says nothing where nothing is expected', () => {
    const agreement = new Agreement();
    agreement.add('a', result(true));
    expect(agreement.lines()).toEqual([]);
    expect(agreement.isBelow(100)).toBe(false);
  });

  it('counts, lists what is not as expected, and knows its limit', () => {
    const agreement = new Agreement();
    for (let i = 0; i < 75; i += 1) agreement.add(i, result(true, true));
    for (let i = 0; i < 25; i += 1) agreement.add(`no ${String(i)}`, result(true, false));
    const lines = agreement.lines();
    expect(lines[0]).toBe('75 of 100 as expected (75.0 %)');
    expect(lines[1]).toBe('  no 0: equal, expected not equal');
    expect(lines.at(-1)).toBe('  and 5 more');
    expect([75, 75.1, undefined].map((least) => agreement.isBelow(least))).toEqual([false, true, false]);
  });
});
