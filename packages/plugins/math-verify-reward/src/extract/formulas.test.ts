import { describe, expect, it } from 'vitest';
import { findFormulas } from './formulas.js';

function formulas(text: string): readonly string[] {
  return findFormulas(text, { start: 0, end: text.length }).map(({ inner }) =>
    text.slice(inner.start, inner.end),
  );
}

describe('formulas between delimiters', () => {
  it.each([
    ['$x$ and \\(y\\), \\[ z \\] or $$ w $$', ['x', 'y', 'z', 'w']],
    ['$ 9 $ and $x = 5 $', ['9', 'x = 5']],
    ['$5x = 10 \\text{ cm per day}$', ['5x = 10 \\text{ cm per day}']],
    ['$\\$5$', ['\\$5']],
    ['\\begin{equation}x = 5\\end{equation}', ['\\begin{equation}x = 5\\end{equation}']],
    ['\\( open, \\[ open, $ open', []],
    ['$ over\n\na blank line $', []],
  ])('%s', (text, expected) => {
    expect(formulas(text)).toEqual(expected);
  });
});

describe('dollars that are money', () => {
  it.each([
    ['it costs $5 and $7', []],
    ['he has $10,200 + $255 = $10,455.', []],
    ['from $5 to $7, then $x$', ['x']],
    ['$20/$4 a piece', []],
    ['\\$5 and \\$7', []],
    ['a price of $5 is paid for $x$ of them', ['x']],
  ])('%s', (text, expected) => {
    expect(formulas(text)).toEqual(expected);
  });
});
