import type { Expression, MatrixExpression, NumberExpression } from '../../answer/expression.js';
import { call, exact, integer, minus, power, product, sum } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { isInteger, rational, type Rational } from '../../values/rational.js';
import { Unconvertible } from './readings.js';

/** How latex2sympy2_extended puts numbers and terms together: only integers are divided and mixed at once. */

export const NOT_A_NUMBER: Expression = { kind: 'constant', name: 'undefined' };
export const COMPLEX_INFINITY: Expression = { kind: 'constant', name: 'complex-infinity' };

export function isNumber(e: Expression): e is NumberExpression {
  return e.kind === 'number';
}

export function isExact(e: Expression): e is NumberExpression {
  return e.kind === 'number' && e.significant === undefined;
}

export function isWhole(e: Expression): e is NumberExpression {
  return isExact(e) && isInteger(e.value);
}

export function isMatrix(e: Expression): boolean {
  if (e.kind === 'matrix') return true;
  if (e.kind === 'sum') return e.terms.some(isMatrix);
  if (e.kind === 'product') return e.factors.some(isMatrix);
  if (e.kind === 'power') return isMatrix(e.base);
  return e.kind === 'call' && e.name === 'transpose' && e.args.some(isMatrix);
}

/** `1.50`, `.5`, `007`, `2E3`: with a point or an exponent it is a binary float of 15 digits. */
export function numberFrom(text: string, budget: Budget): NumberExpression {
  const [mantissa = '', exponent = ''] = text.split('E');
  const [whole = '', decimals = ''] = mantissa.split('.');
  if (whole.length + decimals.length > MOST_DIGITS) budget.allowBits(4 * (whole.length + decimals.length));
  const digits = BigInt(whole + decimals || '0');
  const shift = Number(exponent.replaceAll('−', '-').replace(/^[+∔⊕⊞]/, '') || '0') - decimals.length;
  budget.allowBits(4 * Math.abs(shift));
  const scale = 10n ** BigInt(Math.abs(shift));
  const value = shift < 0 ? rational(digits, scale) : rational(digits * scale);
  if (decimals === '' && exponent === '') return exact(value);
  return { kind: 'number', value, significant: Math.max(1, (whole + decimals).replace(/^0+/, '').length) };
}

const MOST_DIGITS = 1000;

export function negated(e: Expression): Expression {
  return minus(e);
}

/** Integers become a fraction, everything else a product. */
export function divided(a: Expression, b: Expression): Expression {
  if (isWhole(a) && isWhole(b)) {
    if (b.value.n !== 0n) return exact(rational(a.value.n, b.value.n));
    return a.value.n === 0n ? NOT_A_NUMBER : COMPLEX_INFINITY;
  }
  return product(a, power(b, integer(-1)));
}

/** Side by side: an integer before a positive fraction (or integer) is a mixed number. */
export function beside(a: Expression, b: Expression): Expression {
  if (isWhole(a) && isExact(b) && b.value.n > 0n) {
    const { n, d } = b.value;
    return exact(a.value.n < 0n ? rational(a.value.n * d - n, d) : rational(a.value.n * d + n, d));
  }
  return product(a, b);
}

/** A matrix can only be added to a matrix. */
export function added(a: Expression, b: Expression): Expression {
  if (isMatrix(a) !== isMatrix(b)) throw new Unconvertible('a matrix and a number cannot be added');
  return sum(a, b);
}

export function subtracted(a: Expression, b: Expression): Expression {
  return added(a, negated(b));
}

/** A matrix of rows of equal length. */
export function matrixOf(rows: readonly (readonly Expression[])[]): MatrixExpression {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw new Unconvertible('ragged matrix');
  return { kind: 'matrix', rows };
}

/** Binomials of small integers are numbers at once. */
export function binomialOf(n: Expression, k: Expression, budget: Budget): Expression {
  if (!isWhole(n) || !isWhole(k)) return call('binomial', n, k);
  const [top, bottom] = [n.value.n, k.value.n];
  if (bottom < 0n) return integer(0);
  if (top >= 0n && bottom > top) return integer(0);
  const take = top >= 0n && top - bottom < bottom ? top - bottom : bottom;
  const bits =
    Number(take) * Math.log2((3 * (Math.abs(Number(top)) + Number(take))) / (Number(take) + 1) + 2);
  if (!(bits <= budget.bits)) return call('binomial', n, k);
  let value: Rational['n'] = 1n;
  for (let i = 0n; i < take; i++) {
    budget.spend();
    value = (value * (top - i)) / (i + 1n);
  }
  return integer(value);
}
