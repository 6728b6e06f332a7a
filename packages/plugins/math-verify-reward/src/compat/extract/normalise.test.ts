import { describe, expect, it } from 'vitest';
import { DEFAULT_COMPAT_SETTINGS } from '../settings.js';
import { normaliseLatex } from './normalise.js';

const NORMALISED: readonly (readonly [what: string, latex: string, normalised: string])[] = [
  ['text at the end, with its power', '7\\text{ cm}^2', '7'],
  ['text from the first of it to the end', 'x \\text{ if } y, 3 \\text{ m}', 'x'],
  ['nothing but text', '\\text{cm}', '\\text{cm}'],
  ['unit word', '4 hours', '4'],
  ['two unit words', '12 km s', '12'],
  ['unit of two words', '3 sq m', '3'],
  ['nothing but a unit word', 'm', 'm'],
  ['no unit word inside braces', '5 \\frac{km}{h}', '5 \\frac{km}{h}'],
  ['leading point, then one half', '.5', '\\frac{1}{2}'],
  ['point after a space', 'x = .25', 'x = 0.25'],
  ['fraction of two digits', '\\frac12', '\\frac{1}{2}'],
  ['fraction of three digits', '\\frac123', '\\frac{1}{23}'],
  ['numerator of one digit', '\\frac1{2}', '\\frac{1}{2}'],
  ['denominator of one digit', '\\frac{1}2', '\\frac{1}{2}'],
  ['any digit after a brace', '\\frac{1}{2} + x^{3}4', '\\frac{1}{2} + x^{3}{4}'],
  ['root of one digit of two', '\\sqrt12', '\\sqrt{1}2'],
  ['root of a letter', '\\sqrt x', '\\sqrt{x}'],
  ['root without backslash', 'sqrt(2)', '\\sqrt{2}'],
  ['power in parentheses', '2^(1/3)', '2^{1/3}'],
  ['logarithm of digits', '\\log_28', '\\log_{2}{8}'],
  ['slash between integers', '-2/3', '\\frac{-2}{3}'],
  ['no slash before leading zeros', '2/03', '2/03'],
  ['size of brackets', '\\left(1, 2\\right]', '(1, 2]'],
  ['left point stays', '\\left.x\\right|', '\\left.x|'],
  ['negative space', '12,\\!345', '12,345'],
  ['comma in braces', '1{,}234', '1,234'],
  ['conjunction as text', '6 \\text{ and } 8', '6, 8'],
  ['conjunction', '6 and 8', '6, 8'],
  ['no conjunction inside a word', 'sand', 'sand'],
  ['percent word', '28 percent', '28\\%'],
  ['no percent word right after a digit', '28pct', '28pct'],
  ['infinity', '(-inf, 3)', '(-\\infty, 3)'],
  ['falling factorial', '(n)_{k}', '\\frac{(n)!}{((n)-(k))!}'],
  [
    'matrix in scalable brackets',
    '\\left[\\begin{matrix}1\\end{matrix}\\right]',
    '\\begin{bmatrix}1\\end{bmatrix}',
  ],
  ['doubled backslash', '\\\\frac{1}{2}', '\\frac{1}{2}'],
  ['dots', '1,2,\\ldots,n', '1,2 ,n'],
  ['prime', "f'(x)", 'f(x)'],
];

const BOXED: readonly (readonly [latex: string, all: string, last: string])[] = [
  ['\\boxed{1} and \\boxed{2}', '1,2', '1,2'],
  ['\\boxed{1} no no no no no \\boxed{2}', '1,2', '2'],
  ['\\boxed{1} which is the first one, and \\boxed{2}', '1,2', '1,2'],
  ['\\boxed{1} which is the first one, and \\boxed{1}', '1', '1'],
  ['\\boxed{1}.123456789\\boxed{2}', '1,2', '2'],
  ['\\boxed{\\frac{1}{2}}.}', '\\frac{1}{2}', '\\frac{1}{2}'],
  ['\\boxed{7', '{7', '{7'],
  ['\\boxed{1}, \\boxed{2', '{2', '{2'],
  ['\\boxed 5', '5', '5'],
  ['\\fbox{3}', '3', '3'],
  ['\\boxed{\\boxed{4}}', '4', '4'],
];

describe('normaliseLatex', () => {
  it.each(NORMALISED)('%s: %s', (_, latex, normalised) => {
    expect(normaliseLatex(latex, 'all', DEFAULT_COMPAT_SETTINGS).latex).toBe(normalised);
  });

  it.each(BOXED)('takes the boxes out of %s', (latex, all, last) => {
    expect(normaliseLatex(latex, 'all', DEFAULT_COMPAT_SETTINGS).latex).toBe(all);
    expect(normaliseLatex(latex, 'last', DEFAULT_COMPAT_SETTINGS).latex).toBe(last);
  });

  it('says where the contents of the boxes stand', () => {
    const latex = 'so \\boxed{1} and \\boxed{ 2 }.';
    const { span } = normaliseLatex(latex, 'all', DEFAULT_COMPAT_SETTINGS);
    expect(latex.slice(span.start, span.end)).toBe('1} and \\boxed{ 2 ');
  });

  it('leaves out the steps that the settings switch off', () => {
    const settings = { nits: false, malformedOperators: false };
    expect(normaliseLatex('\\frac12', 'all', settings).latex).toBe('\\frac12');
    expect(normaliseLatex('.5', 'all', settings).latex).toBe('.5');
  });
});
