import { describe, expect, it } from 'vitest';
import { pairLine } from './pair-line.js';

describe('pairLine', () => {
  it('takes numbers as their decimal text, and passes other keys over', () => {
    expect(pairLine({ gold: 27.0, pred: -0.125, id: 7, problem: 'x' })).toMatchObject({
      gold: '27',
      pred: '-0.125',
      id: 7,
      expected: undefined,
      compat: undefined,
    });
  });

  it('reads the settings and the verdict that are expected', () => {
    const config = { match_types: ['string'], strict: false };
    expect(pairLine({ gold: 'A', pred: 'A', config, expected: true })).toMatchObject({
      compat: { matchTypes: ['string'], strict: false, floatRounding: 6 },
      expected: true,
    });
    expect(pairLine({ gold: 'A', pred: 'A', equal: false })).toMatchObject({ expected: false });
  });

  it.each<[object, string, string]>([
    [{ pred: '1' }, 'there is no "gold"', 'the keys pred'],
    [{ gold: '1', pred: null }, '"pred" must be text or a number', 'null'],
    [{ gold: 2 ** 60, pred: '1' }, 'last digits are lost', '1152921504606847000'],
    [{ gold: '1', pred: '1', id: [] }, '"id" must be text or a number', '[]'],
    [{ gold: '1', pred: '1', expected: 'yes' }, '"expected" must be true or false', '"yes"'],
    [
      { gold: '1', pred: '1', config: { stict: true } },
      '"config": unknown setting "stict"',
      '{"stict":true}',
    ],
  ])('says what is wrong with %j', (value, problem, seen) => {
    expect(pairLine(value as Record<string, unknown>)).toEqual({
      problem: expect.stringContaining(problem) as string,
      seen,
    });
  });
});
