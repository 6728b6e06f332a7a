import { describe, expect, it } from 'vitest';
import { verifyExactly } from './exact-answer-verifier.js';
import { parseRational } from './rational.js';

describe('verifyExactly', () => {
  it.each([
    ['42', '<think>x</think>42', 'equal'],
    ['42', '<think>\\boxed{41}</think> \\boxed{42} ', 'equal'],
    ['42', '<think>\\boxed{42}</think> \\boxed{41}', 'different'],
    ['42', '<think>x</think><answer> 42 </answer>', 'equal'],
    ['42', '\\boxed{1} then \\boxed{42}', 'equal'],
    ['42', 'the answer is 42', 'prediction-unreadable'],
    ['42', '\\boxed{42', 'prediction-unreadable'],
    ['42', '<think>42</think>  ', 'prediction-unreadable'],
    ['42', '\\boxed{}', 'prediction-unreadable'],
    ['42', '', 'prediction-unreadable'],
    ['', '\\boxed{42}', 'gold-unreadable'],
    ['$\\frac{1}{2}$', '\\boxed{0.50}', 'equal'],
    ['-3/4', '\\boxed{-\\dfrac34}', 'equal'],
    ['1,234', '\\boxed{1234}', 'equal'],
    ['0.1', '\\boxed{1/10}', 'equal'],
    ['0.3333', '\\boxed{1/3}', 'different'],
    ['So it is $\\boxed{\\frac{2}{4}}$.', '\\boxed{1/2}', 'equal'],
    ['Tuesday', '\\boxed{\\text{Tuesday}}', 'equal'],
    ['\\sqrt{12}', '\\boxed{2\\sqrt{3}}', 'different'],
    ['{a}', '\\boxed{{a}}', 'equal'],
    ['9007199254740993', '\\boxed{9007199254740992}', 'different'],
  ])('of gold %j and %j is %s', (gold, completion, verdict) => {
    expect(verifyExactly(gold, completion).verdict).toBe(verdict);
  });

  it('stays fast on hostile text', () => {
    const started = performance.now();
    verifyExactly('1', `\\boxed{${'9'.repeat(200_000)}}`);
    verifyExactly('1', '\\boxed{'.repeat(20_000));
    verifyExactly('1', `${'\\boxed{1} '.repeat(20_000)}</think>${' '.repeat(20_000)}x`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('parseRational', () => {
  it.each([
    ['6/8', 3n, 4n],
    ['-0.250', -1n, 4n],
    ['3/-6', -1n, 2n],
    ['.5', 1n, 2n],
    ['12.', 12n, 1n],
    ['+7', 7n, 1n],
    ['1,234,567.5', 2469135n, 2n],
    ['-\\frac{1.5}{3}', -1n, 2n],
    ['0', 0n, 1n],
    ['-0', 0n, 1n],
  ])('reads %s', (text, numerator, denominator) => {
    expect(parseRational(text)).toEqual({ numerator, denominator });
  });

  it.each(['', '.', '1/0', '1,23', '1e5', '1/2/3', 'x', '--1', '\\frac{1}{0}', '1'.repeat(1001)])(
    'does not read %s',
    (text) => {
      expect(parseRational(text)).toBeUndefined();
    },
  );
});
