import { describe, expect, it } from 'vitest';
import { equal } from '../verify.js';
import { RULES } from './rules.js';

describe('RULES', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s: its example is decided as it says',
    (_, rule) => {
      const [gold, prediction, expected] = rule.example;
      expect(equal(gold, prediction).verdict).toBe(expected ? 'equal' : 'different');
    },
  );

  it('have ids of their own', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  });
});

/** [gold, prediction, equal, the rule that decides] */
const PAIRS: readonly (readonly [string, string, boolean, string])[] = [
  // words and choices
  ['\\text{no solution}', '\\emptyset', true, 'same-form'],
  ['twelve', '12', true, 'same-form'],
  ['C', 'the word Evelyn', false, 'choice'],
  ['\\text{Monday}', '\\text{Tuesday}', false, 'words'],
  // relations
  ['x < 3', '3 > x', true, 'relation'],
  ['x < 3', 'x > 3', false, 'real-set'],
  ['x \\le 1', '-x \\ge -1', true, 'relation'],
  ['x^2/4 + y^2/3 = 1', '3x^2 + 4y^2 = 12', true, 'relation'],
  ['xy = 1', 'y = \\frac{1}{x}', true, 'relation'],
  ['x = 5', 'y = 5', false, 'relation'],
  ['f(x) = 2x', 'y = 2x', true, 'relation'],
  ['f(x) = x^2', 'f(t) = t^2', true, 'relation'],
  ['f(x) = x^2 + t', 'f(t) = t^2 + x', false, 'relation'],
  ['x \\equiv 3 \\pmod{7}', 'x \\equiv 10 \\pmod{7}', true, 'relation'],
  ['x \\equiv 3 \\pmod{7}', 'x \\equiv 3 \\pmod{8}', false, 'relation'],
  // real sets
  ['1 \\le |z| \\le 3', '[-3, -1] \\cup [1, 3]', true, 'real-set'],
  ['(-2, 2)', 'x^2 < 4', true, 'real-set'],
  ['(-2, 2)', 'x^2 \\le 4', false, 'real-set'],
  ['x \\ne 2', '(-\\infty, 2) \\cup (2, \\infty)', true, 'real-set'],
  ['\\{x \\in \\mathbb{R} : x > 2\\}', '(2, \\infty)', true, 'real-set'],
  ['\\{x \\in \\mathbb{Z} : x > 2\\}', '(2, \\infty)', false, 'interval'],
  ['\\{2x : x > 2\\}', '(2, \\infty)', false, 'interval'],
  ['x > 1, x < 3', '(1, 3)', true, 'real-set'],
  ['[0, 2]', '[0, 1] \\cup [1, 2]', true, 'real-set'],
  ['0 < x < \\pi', '(0, 3.14)', false, 'real-set'],
  // assignments
  ['73', 'm + n = 73', true, 'same-form'],
  ['x^2 + y^2 = 25', '25', false, 'kind'],
  ['2x + z = 1', '1', false, 'kind'],
  ['3x - y + 13 = 0', '0', false, 'kind'],
  ['|AB| = 4', '4', true, 'same-form'],
  // families
  [
    'x = \\frac{\\pi}{4} + k\\pi, k \\in \\mathbb{Z}',
    'x = \\frac{\\pi}{4} + n\\pi, n \\in \\mathbb{Z}',
    true,
    'family',
  ],
  [
    'x = \\frac{\\pi}{4} + k\\pi, k \\in \\mathbb{Z}',
    'x = \\frac{\\pi}{4} + 2n\\pi, n \\in \\mathbb{Z}',
    false,
    'family',
  ],
  [
    'x = \\pm\\frac{\\pi}{3} + 2k\\pi, k \\in \\mathbb{Z}',
    'x = 2n\\pi \\pm \\frac{\\pi}{3}, n \\in \\mathbb{Z}',
    true,
    'family',
  ],
  ['x = k^2, k \\in \\mathbb{Z}', 'x = (k + 1)^2, k \\in \\mathbb{Z}', false, 'family'],
  ['\\{(t, -t) : t \\in \\mathbb{R}\\}', '(x, y) = (a, -a), a \\in \\mathbb{R}', true, 'family'],
  ['f(x) = cx, c \\in \\mathbb{R}', 'f(x) = kx', true, 'family'],
  ['f(x) = cx, c \\in \\mathbb{R}', 'f(x) = cx^2', false, 'family'],
  ['n = 3k, k \\in \\mathbb{Z}', 'n = 3k, k \\in \\mathbb{N}', false, 'family'],
  // several answers
  ['1, 2, 3', '1, 2', false, 'several'],
  ['1, 2', '1, 2, 3', false, 'several'],
  ['1 \\pm \\sqrt{19}', '1 + \\sqrt{19}', false, 'several'],
  ['a = 1, b = 2', 'b = 2, a = 1', true, 'several'],
  ['a = 1, b = 2', '2, 1', false, 'several'],
  ['\\{1, 2\\}', '(1, 2)', false, 'several'],
  // vectors
  ['2(i + j) - k', '(2, 2, -1)', true, 'tuple'],
  ['k(k + 1)', '2k', false, 'value'],
  ['k^2 + k', '2k', false, 'value'],
  ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '1, 2', true, 'matrix'],
  ['\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}', '1, 2, 3, 4', false, 'several'],
  ['5', '\\begin{pmatrix}1&2\\\\3\\end{pmatrix}^T', false, 'value'],
  ['5', '\\begin{pmatrix}1&2\\\\3\\end{pmatrix}\\begin{pmatrix}1&2\\\\3\\end{pmatrix}', false, 'value'],
  // notations
  ['3:4', '6:8', true, 'ratio'],
  ['12:30', '6:15', false, 'ratio'],
  ['1010_2', '10', true, 'base'],
  ['28\\%', '0.28', true, 'same-form'],
  ['\\frac{\\sqrt{2}}{2}', '\\frac{\\sqrt{2}}{2}\\%', false, 'value'],
  ['12 \\text{ m}', '12\\%', false, 'percent'],
  ['60^\\circ', '60\\%', false, 'percent'],
  ['60^\\circ', '60 \\text{ m}', false, 'unit'],
  ['60^\\circ', '\\frac{\\pi}{3} \\text{ rad}', true, 'value'],
  ['20^\\circ \\text{C}', '20^\\circ', true, 'same-form'],
  ['0.5', '0.5\\%', false, 'value'],
  ['12 \\text{ m}', '1200 \\text{ cm}', true, 'same-form'],
  ['12 \\text{ m}', '12 \\text{ s}', false, 'unit'],
  ['12 \\text{ m}', '12 \\text{ km}', false, 'unit'],
  ['15 \\text{ cm}^2', '5 \\text{ cm} \\times 3 \\text{ cm}', true, 'value'],
  // functions by cases
  [
    '\\begin{cases} 1 & x > 0 \\\\ 0 & x \\le 0 \\end{cases}',
    '\\begin{cases} 0, & \\text{if } x \\le 0 \\\\ 1, & \\text{if } 0 < x \\end{cases}',
    true,
    'cases',
  ],
  [
    '\\begin{cases} 1 & x > 0 \\\\ 0 & x \\le 0 \\end{cases}',
    '\\begin{cases} 0 & x < 0 \\\\ 1 & x \\ge 0 \\end{cases}',
    false,
    'cases',
  ],
  // matrices and tuples
  ['\\begin{pmatrix}2\\\\4\\end{pmatrix}', '2\\begin{pmatrix}1\\\\2\\end{pmatrix}', true, 'matrix'],
  ['\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}', '\\begin{pmatrix}1&2\\\\3&5\\end{pmatrix}', false, 'matrix'],
  ['\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}', '-2', true, 'value'],
  ['(1, 2)', '[1, 2]', false, 'tuple'],
  ['[0, a)', '[0, a)', true, 'same-form'],
  // numbers
  ['\\frac{1}{3}', '0.33', false, 'value'],
  ['\\sqrt{2}', '1.41421', true, 'rounded'],
  ['\\sqrt{2}', '1.4142', false, 'value'],
  ['0.0833333333333333', '\\frac{1}{12}', true, 'rounded'],
  ['1.2345', '1.23', false, 'value'],
  ['1e-7', '2e-7', false, 'value'],
  ['\\frac{1}{2^{99}}', '\\frac{1}{2^{98}}', false, 'value'],
];

describe('equal', () => {
  it.each(PAIRS)('%s and %s: %s by %s', (gold, prediction, expected, rule) => {
    expect(equal(gold, prediction)).toMatchObject({ verdict: expected ? 'equal' : 'different', rule });
  });

  it('rounds to the digits of the gold only when asked to', () => {
    expect(equal('1.23', '1.2345').verdict).toBe('different');
    expect(equal('1.23', '1.2345', { roundToGold: true })).toMatchObject({
      verdict: 'equal',
      rule: 'rounded-to-gold',
    });
    expect(equal('1.23', '1.2355', { roundToGold: true }).verdict).toBe('different');
    expect(equal('1.2345', '1.23', { roundToGold: true }).verdict).toBe('different');
  });

  it('takes either reading of a notation that has two', () => {
    expect(equal('3.14', '3,14').verdict).toBe('equal');
    expect(equal('\\{3, 14\\}', '3,14').verdict).toBe('equal');
  });

  it('leaves undecided what costs too much, and says so', () => {
    expect(equal('9^{9^{9^{9}}}', '9^{9^{9^{9}}} + 1')).toMatchObject({ verdict: 'undecided' });
    expect(equal('(x+1)^2', 'x^2+2x+1', { budget: { steps: 20 } })).toEqual({
      verdict: 'undecided',
      reason: 'the budget of steps is used up',
    });
  });

  it('shows no difference from an integral that it cannot evaluate, unless the prediction wrote it', () => {
    expect(equal('\\int_0^1 x^2 dx', '\\frac{1}{3}').verdict).toBe('equal');
    expect(equal('\\int_0^1 x^x dx', '0.7834305').verdict).toBe('undecided');
    expect(equal('0.7834305', '\\int_0^1 x^x dx').verdict).toBe('different');
  });

  it('names the side that cannot be read', () => {
    expect(equal('', '1').verdict).toBe('gold-unreadable');
    expect(equal('1', '').verdict).toBe('prediction-unreadable');
  });
});
