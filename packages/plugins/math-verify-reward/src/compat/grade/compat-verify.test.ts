import { describe, expect, it } from 'vitest';
import { Budget } from '../../budget.js';
import { latexToValue } from '../latex/latex-to-value.js';
import type { CompatAnswer } from '../parse.js';
import { DEFAULT_COMPAT_SETTINGS, type CompatSettings } from '../settings.js';
import { compatVerify } from './compat-verify.js';

function answer(latex: string): CompatAnswer {
  const value = latexToValue(latex, new Budget());
  return value === undefined ? {} : { value };
}

function equal(gold: string, prediction: string, settings: Partial<CompatSettings> = {}): boolean {
  const all = { ...DEFAULT_COMPAT_SETTINGS, ...settings };
  return compatVerify(answer(gold), answer(prediction), all, new Budget()).equal;
}

/** [gold, prediction, Math-Verify's verdict] */
type Row = readonly [string, string, boolean];

const NUMBERS: readonly Row[] = [
  ['\\frac{1}{3}', '0.333333', true],
  ['\\frac{1}{3}', '0.33333', false],
  ['2', '2.0', true],
  ['2', '2.0000001', false],
  ['2.5', '2.5000001', true],
  ['10^{-20}', '2 \\cdot 10^{-20}', true],
  ['10^{-20}', '0', false],
  ['6 \\times 10^{-34}', '5 \\times 10^{-31}', true],
  ['\\frac{14.0}{5}', '\\frac{14}{5}', false],
  ['28\\%', '0.28', true],
  ['50\\%', '50', false],
  ['33.3333333\\%', '\\frac{1}{3}', false],
  ['12:30', '2:5', true],
  ['\\frac{1}{0}', '\\frac{1}{0}', false],
  ['\\infty', '-\\infty', false],
  ['\\sqrt{8}', '2\\sqrt{2}', true],
  ['\\log_2 8', '3', true],
  ['\\frac{100!}{99!}', '100', true],
  ['\\left|\\begin{array}{cc}1 & 2 \\\\ 3 & 4\\end{array}\\right|', '-2', false],
  ['\\begin{vmatrix}1 & 2 \\\\ 3 & 4\\end{vmatrix}', '-2', true],
];

const FORMULAS: readonly Row[] = [
  ['(x+1)^2', 'x^2+2x+1', true],
  ['\\tan^2 y+1', '\\sec^2 y', true],
  ['\\sqrt{x^2}', 'x', false],
  ['\\sqrt{x^2}', '|x|', true],
  ['\\ln(x^2)', '2\\ln x', false],
  ['x^2', 'x^{2.0}', false],
  ['0.5x', '\\frac{x}{2}', true],
  ['f(x)', 'f(y)', false],
];

const SYMBOLS: readonly Row[] = [
  ['\\text{abc}', 'abc', true],
  ['\\text{abc}', 'cba', false],
  ['abc', 'cba', true],
  ['\\text{Yes}', '\\text{yes}', true],
  ['\\text{e}', 'e', true],
  ['E', 'e', true],
  ['\\text{13}', '13', true],
  ['\\text{x/2}', '\\frac{x}{2}', true],
  ['\\text{a+b}', 'a+b', false],
  ['i', 'I', false],
];

const ASSIGNMENTS: readonly Row[] = [
  ['x=5', '5', true],
  ['5', 'x=5', true],
  ['x=5', 'y=5', false],
  ['2x=4', '4', false],
  ['4', '2x=4', true],
  ['f(x)=5', '5', true],
  ['f(2)=5', '5', false],
  ['\\frac{A}{B}=5', '5', true],
  ['x=y=3', 'x=3', true],
  ['(x,y)=(1,2)', '(1,2)', true],
  ['x=1,y=2', '1,2', true],
  ['x=1,y=2', 'x=2,y=1', false],
];

const RELATIONS: readonly Row[] = [
  ['x>1', '1<x', true],
  ['x>1', '-x<-1', true],
  ['x>1', '2x>2', false],
  ['2>x>1', '1<x<2', false],
  ['2x=4', 'x=2', false],
  ['3x-2=0', '3x=2', true],
  ['y=2x+1', '2x-y=-1', true],
  ['x-y=1', '2x-2y=2', true],
  ['xy=1', 'y=\\frac{1}{x}', true],
  ['y=x^2', 'x=\\sqrt{y}', false],
  ['2+3=5', '2+3=6', true],
  ['x^2=-1', 'x^2=-2', true],
  ['x \\neq 5', '5 \\neq x', false],
  ['z=\\frac{1}{3}', 'z=0.333333', false],
];

const SETS: readonly Row[] = [
  ['\\mathbb{R} \\setminus \\{2\\}', '(-\\infty,2) \\cup (2,\\infty)', true],
  ['[0,3)', '[0,3] \\setminus \\{3\\}', false],
  ['\\{1,2\\}', '\\{1,2,3\\} \\setminus \\{3\\}', false],
  // Elements are paired in sympy's order, in which a product comes before every sum.
  ['x+1, 2x', '2x, 1+x', true],
  ['2a, a^2', 'a^2, a+a', true],
  ['x^2-4, x', 'x, (x-2)(x+2)', true],
  ['(x+1)^2, x^2-1', 'x^2+2x+1, (x-1)(x+1)', false],
  ['x^2-6x+8, 2x^2+4x', '(x-3)^2-1, 2(x+1)^2-2', false],
  ['1,2', '2,1', true],
  ['\\{1\\}', '1', true],
  ['1,2', '(2,1)', true],
  ['(3,2,1)', '\\{1,2,3\\}', false],
  ['(3,2,1)', '\\{3,2,1\\}', true],
  ['(1,2)', '1,2', true],
  ['(1,2)', '2,1', false],
  ['[1,2]', '\\{1,2\\}', false],
  ['(1,2)', '(1,2]', false],
  ['[\\frac{1}{3},1]', '[0.333333,1]', true],
  ['[1,2]\\cup[2,4]', '[1,4]', true],
  ['\\mathbb{R}\\setminus\\{0\\}', '(-\\infty,0)\\cup(0,\\infty)', true],
  ['(1,2)\\cup(3,4)', '(1,2),(3,4)', false],
  ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '\\begin{pmatrix}1&2\\end{pmatrix}', false],
  ['\\begin{pmatrix}\\sqrt{8}\\end{pmatrix}', '\\begin{bmatrix}2\\sqrt{2}\\end{bmatrix}', true],
];

const SOLVED: readonly Row[] = [
  ['1 \\le x \\le 2', '[1,2]', true],
  ['[1,2]', '1 \\le x \\le 2', false],
  ['x \\in [1,2]', '1 \\le x \\le 2', false],
  ['1<x<2', '1,2', true],
  ['1<x<2', '2,1', false],
  ['|x|<2', '(-2,2)', true],
  ['|x|<2', '-2<x<2', false],
  ['x^2-5x+6>0', '(-\\infty,2)\\cup(3,\\infty)', true],
  ['x^2=4', '\\pm 2', true],
  ['x^2=4', '2', false],
  ['x \\neq 3', '(-\\infty,3)\\cup(3,\\infty)', true],
  ['1\\leq|z|\\leq\\frac{3}{2}', '[-\\frac{3}{2},-1]\\cup[1,\\frac{3}{2}]', true],
  ['2<f(x)<3', '(2,3)', true],
];

describe('compatVerify', () => {
  it.each([...NUMBERS, ...FORMULAS])('says of the values %s and %s: %s', (gold, prediction, verdict) => {
    expect(equal(gold, prediction)).toBe(verdict);
  });

  it.each(SYMBOLS)('says of the names %s and %s: %s', (gold, prediction, verdict) => {
    expect(equal(gold, prediction)).toBe(verdict);
  });

  it.each([...ASSIGNMENTS, ...RELATIONS])(
    'says of the relations %s and %s: %s',
    (gold, prediction, verdict) => {
      expect(equal(gold, prediction)).toBe(verdict);
    },
  );

  it.each([...SETS, ...SOLVED])('says of the sets %s and %s: %s', (gold, prediction, verdict) => {
    expect(equal(gold, prediction)).toBe(verdict);
  });

  it('solves a predicted relation only where that is allowed', () => {
    expect(equal('[1,2]', '1 \\le x \\le 2', { allowSetRelationComparison: true })).toBe(true);
  });

  it('renames symbols where names do not matter', () => {
    expect(equal('f(x)', 'f(y)', { strict: false })).toBe(true);
    expect(equal('f(x)', 'g(y)', { strict: false })).toBe(false);
  });

  it('rounds floats to the decimal places that it is told', () => {
    expect(equal('\\frac{1}{3}', '0.3333', { floatRounding: 4 })).toBe(true);
    expect(equal('\\frac{1}{3}', '0.333', { floatRounding: 4 })).toBe(false);
  });

  it('compares strings with strings only', () => {
    const settings = DEFAULT_COMPAT_SETTINGS;
    expect(compatVerify({ string: ' A ' }, { string: 'A' }, settings, new Budget()).equal).toBe(true);
    expect(compatVerify({ string: '' }, { string: '' }, settings, new Budget()).equal).toBe(false);
    expect(compatVerify(answer('3'), { string: '3' }, settings, new Budget()).equal).toBe(false);
  });
});
