import type { Verification } from '@doppio/math-verify-reward/verify';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';

const half = { kind: 'number', value: { n: 1n, d: 2n } } as const;
const gold = { text: '\\frac12', span: { start: 0, end: 7 }, source: 'whole', readings: [half] } as const;

describe('explain', () => {
  it('marks the place in the text and gives readings, rule and detail', () => {
    const prediction = `${'long '.repeat(30)}so it is $\\boxed{0.5}$.\nDone.`;
    const start = prediction.indexOf('0.5');
    const lines = explain(
      {
        verdict: 'equal',
        rule: 'value',
        detail: 'both are 1/2',
        gold,
        prediction: { text: '0.5', span: { start, end: start + 3 }, source: 'box', readings: [half, half] },
      },
      gold.text,
      prediction,
    ).split('\n');
    expect(lines[0]).toBe('The answers are equal.');
    expect(lines).toContain('  text    «\\frac12»');
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}text {4}\.\.\. .*\$\\boxed\{«0\.5»\}\$\. Done\.$/),
    );
    expect(lines).toContain('  read    1/2  or  1/2');
    expect(lines).toContain('decided by the rule "value"');
    expect(lines.at(-1)).toBe('  here    both are 1/2');
  });

  it.each<[Verification['verdict'], Verification, string, RegExp]>([
    [
      'gold-unreadable',
      { verdict: 'gold-unreadable', reason: 'empty' },
      'x',
      /could not be read; nothing can be said[^]*empty$/,
    ],
    [
      'prediction-unreadable',
      { verdict: 'prediction-unreadable', reason: 'no answer', gold },
      '',
      /counts as wrong[^]*\(empty\)[^]*no answer$/,
    ],
    [
      'undecided',
      { verdict: 'undecided', reason: 'the budget of steps is used up' },
      'x',
      /Neither[^]*budget of steps is used up$/,
    ],
  ])('says why there is no comparison: %s', (_, result, prediction, expected) => {
    expect(explain(result, gold.text, prediction)).toMatch(expected);
  });
});
