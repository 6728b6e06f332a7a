import { describe, expect, it } from 'vitest';
import { Budget } from '../../budget.js';
import type { Expression } from '../../answer/expression.js';
import { latexToValue } from './latex-to-value.js';

/** A short way to write an expression down: heads before their parts, numbers and names as they are. */
function shown(e: Expression): string {
  const list = (head: string, parts: readonly Expression[]): string =>
    `${head}(${parts.map(shown).join(' ')})`;
  switch (e.kind) {
    case 'number': {
      const value = `${e.value.n.toString()}${e.value.d === 1n ? '' : `/${e.value.d.toString()}`}`;
      return e.significant === undefined ? value : `~${value}`;
    }
    case 'constant':
    case 'symbol':
    case 'named-set':
      return e.name;
    case 'sum':
      return list('+', e.terms);
    case 'product':
      return list('*', e.factors);
    case 'power':
      return list('^', [e.base, e.exponent]);
    case 'call':
    case 'application':
      return list(e.name, e.args);
    case 'percent':
      return list('%', [e.value]);
    case 'set':
    case 'tuple':
      return list(e.kind, e.items);
    case 'interval':
      return `${e.fromClosed ? '[' : '('}${shown(e.from)} ${shown(e.to)}${e.toClosed ? ']' : ')'}`;
    case 'set-operation':
      return list(e.operation, e.parts);
    case 'relation':
      return e.operands
        .map((operand, i) => shown(operand) + (e.operators[i] === undefined ? '' : ` ${e.operators[i]} `))
        .join('');
    case 'matrix':
      return `matrix(${e.rows.map((row) => row.map(shown).join(' ')).join('; ')})`;
    default:
      return e.kind;
  }
}

const read = (latex: string): string => {
  const value = latexToValue(latex, new Budget());
  return value === undefined ? 'unreadable' : shown(value);
};

describe('latexToValue', () => {
  it.each([
    ['x(x+1)', '*(x +(x 1))'],
    ['f(x)', 'f(x)'],
    ['F(x)', 'F(x)'],
    ['f(x+1)', '*(f +(x 1))'],
    ['f(x,y)', 'f(x y)'],
    ['f^2(x)', '^(f(x) 2)'],
    ["f'(x)", '*(f x)'],
    ['2(3)', '5'],
    ['3 4', '7'],
    ['2\\frac{1}{2}', '5/2'],
    ['-3\\frac{1}{2}', '-7/2'],
    ['2.5\\frac{1}{2}', '*(~5/2 1/2)'],
    ['2\\binom{5}{2}', '12'],
    ['4(2+3)', '*(4 +(2 3))'],
    ['\\frac{x}{2}', '*(x ^(2 -1))'],
    ['12:30', '2/5'],
    ['\\sin x y', 'sin(*(x y))'],
    ['\\sin x \\cdot y', 'sin(*(x y))'],
    ['\\sin a \\cos b', '*(sin(a) cos(b))'],
    ['\\sin (x) y', '*(sin(x) y)'],
    ['\\sin^{-1} x', 'arcsin(x)'],
    ['\\log 8', 'log(8 10)'],
    ['\\log_2 8', 'log(8 2)'],
    ['\\cos 60^\\circ', 'cos(60)'],
    ['2^3^x', '^(^(2 3) x)'],
    ['2^x^3', '^(2 ^(x 3))'],
    ['|a|b|c|', 'abs(*(a abs(b) c))'],
    ['204_5', '204'],
    ['2E3', '~2000'],
    ['1e3', '*(1 e 3)'],
  ])('reads the formula %s as %s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it.each([
    ['X', 'x'],
    ['\\text{A B (c)}', 'abc'],
    ['\\overline{AB}', 'bar{ab}'],
    ['\\mathcal{F}', 'math{f}'],
    ['x_{10}', 'x_{10}'],
    ['x_{1}', 'x_1'],
    ['\\Gamma', 'euler-gamma'],
    ['\\Pi', 'pi'],
    ['e', 'e'],
    ['I', 'i'],
    ['3+4i', '+(3 *(4 i))'],
    ['3 + 4 i', '+(3 *(4 i∈ℂ))'],
    ['2dx', '*(2 dx)'],
  ])('names %s %s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it.each([
    ['1,2', 'set(1 2)'],
    ['1;2', 'set(1 2)'],
    ['1,2;3,4', 'set(tuple(1 2) tuple(3 4))'],
    ['{1}', 'set(1)'],
    ['\\{1,2\\}', 'set(1 2)'],
    ['\\{\\}', 'empty'],
    ['(1,2)', '(1 2)'],
    ['(2,1)', 'tuple(2 1)'],
    ['[1,2]', '[1 2]'],
    ['[1,2)', '[1 2)'],
    ['[3,1)', 'empty'],
    ['(x,y)', '(x y)'],
    ['(1,2,3)', 'tuple(1 2 3)'],
    ['(1;2)', 'tuple(1 2)'],
    ['\\pm 1', 'set(-1 1)'],
    ['1\\pm\\sqrt{2}', 'set(+(1 ^(2 1/2)) +(1 *(-1 ^(2 1/2))))'],
    ['(1,2)\\cup\\{3\\}', 'union((1 2) set(3))'],
    ['1,234', '1234'],
    ['-36,104', '-36104'],
    ['1, 234', 'set(1 234)'],
    ['0,111', '~111/1000'],
    ['0,5', 'set(0 5)'],
  ])('reads the collection %s as %s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it.each([
    ['x=5', 'x = 5'],
    ['n=1,2,3', 'n = set(1 2 3)'],
    ['a=1,b=2', 'set(a = 1 b = 2)'],
    ['x \\in [1,2]', 'x = [1 2]'],
    ['1<x\\le 5', '1 < x <= 5'],
    ['x \\approx 3', '3'],
    ['x+1 \\approx 3', '+(x 1)'],
    ['a \\in b', 'a = b'],
    ['1 = \\zzz = x = 0', '0'],
    ['x=y=x', 'x'],
  ])('reads the relation %s as %s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it.each([
    ['50\\%', '*(50 %(1))'],
    ['\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}', 'matrix(1 2; 3 4)'],
    ['\\frac{1}{0}', 'complex-infinity'],
    ['\\mathbb{R}', '(*(-1 infinity) infinity)'],
  ])('reads %s as %s', (latex, expected) => {
    expect(read(latex)).toBe(expected);
  });

  it.each([
    '7.',
    'x\\%',
    '\\langle 1,2 \\rangle',
    '\\begin{pmatrix}1&2\\\\3\\end{pmatrix}',
    '\\|v\\|',
    '\\operatorname{foo}(x)',
  ])('cannot read %s', (latex) => {
    expect(read(latex)).toBe('unreadable');
  });
});
