import { describe, expect, it } from 'vitest';
import { Budget, BudgetExhausted } from '../../budget.js';
import type { Expression } from '../../answer/expression.js';
import { pythonArithmetic } from './python-arithmetic.js';

/** The value in double precision, of the few forms that arithmetic takes. */
function valueOf(e: Expression): number {
  switch (e.kind) {
    case 'number':
      return Number(e.value.n) / Number(e.value.d);
    case 'sum':
      return e.terms.reduce((total, term) => total + valueOf(term), 0);
    case 'product':
      return e.factors.reduce((total, factor) => total * valueOf(factor), 1);
    case 'power':
      return valueOf(e.base) ** valueOf(e.exponent);
    default:
      throw new Error(`no arithmetic: ${e.kind}`);
  }
}

describe('pythonArithmetic', () => {
  it.each([
    ['3*(4+5)', 27],
    ['2^3^2', 512],
    ['-2^2', -4],
    ['2**-1', 0.5],
    ['7-2-3', 2],
    ['12/3/2', 2],
    [' 3 --4\n', 7],
    ['1/2.', 0.5],
    ['00+1', 1],
  ])('%j', (source, value) => {
    const expression = pythonArithmetic(source, new Budget());
    expect(expression && valueOf(expression)).toBe(value);
  });

  it.each(['2(3)', '007+1', '3 4', '1 ÷ 2', '2 ×3', '5//2', '1+', '(1', '1)', '1.2.3', '1+\r2', ''])(
    'does not take %j',
    (source) => {
      expect(pythonArithmetic(source, new Budget())).toBeUndefined();
    },
  );

  it.each(['('.repeat(1e5), '-'.repeat(1e5), '2^'.repeat(1e5)])(
    'stops at the depth it may go to',
    (source) => {
      expect(() => pythonArithmetic(`${source}1`, new Budget())).toThrow(BudgetExhausted);
    },
  );
});
