import { negate as negateRational, rational, type Rational } from '../values/rational.js';
import type { Expression, FunctionName, NumberExpression } from './expression.js';

/** Short ways to make the commonest expressions. They keep what was written: nothing is simplified but nesting. */

export function integer(n: bigint | number): NumberExpression {
  return { kind: 'number', value: rational(BigInt(n)) };
}

export function fraction(n: bigint | number, d: bigint | number): NumberExpression {
  return { kind: 'number', value: rational(BigInt(n), BigInt(d)) };
}

export function exact(value: Rational): NumberExpression {
  return { kind: 'number', value };
}

export function sum(...terms: readonly Expression[]): Expression {
  return sumOf(terms);
}

/** For lists of any length: what is spread into arguments must fit the stack. */
export function sumOf(terms: readonly Expression[]): Expression {
  const flat = terms.flatMap((term) => (term.kind === 'sum' ? term.terms : [term]));
  return flat.length === 1 ? (flat[0] as Expression) : { kind: 'sum', terms: flat };
}

export function product(...factors: readonly Expression[]): Expression {
  return productOf(factors);
}

/** For lists of any length, as {@link sumOf}. */
export function productOf(factors: readonly Expression[]): Expression {
  const flat = factors.flatMap((factor) => (factor.kind === 'product' ? factor.factors : [factor]));
  return flat.length === 1 ? (flat[0] as Expression) : { kind: 'product', factors: flat };
}

export function power(base: Expression, exponent: Expression): Expression {
  return { kind: 'power', base, exponent };
}

export function root(radicand: Expression, index: Expression): Expression {
  return { kind: 'power', base: radicand, exponent: reciprocal(index), root: true };
}

/** 1 / x; of an integer a plain fraction. */
export function reciprocal(x: Expression): Expression {
  if (x.kind === 'number' && x.value.n !== 0n && x.significant === undefined)
    return exact(rational(x.value.d, x.value.n));
  return power(x, integer(-1));
}

export function quotient(a: Expression, b: Expression): Expression {
  return product(a, power(b, integer(-1)));
}

/** -x; of a number the number itself. */
export function minus(x: Expression): Expression {
  return x.kind === 'number' ? { ...x, value: negateRational(x.value) } : product(integer(-1), x);
}

export function difference(a: Expression, b: Expression): Expression {
  return sum(a, minus(b));
}

export function call(name: FunctionName, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}

export function symbol(name: string): Expression {
  return { kind: 'symbol', name };
}
