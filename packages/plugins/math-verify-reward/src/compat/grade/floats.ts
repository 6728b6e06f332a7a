import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { difference } from '../../answer/build.js';
import { middle } from '../../values/ball.js';
import { evaluate } from '../../values/evaluate.js';
import { rational } from '../../values/rational.js';
import { partsOf } from '../latex/relations.js';
import { approximate } from './numeric.js';

/** Whether a binary float occurs anywhere in it. */
export function hasFloat(e: Expression, budget: Budget): boolean {
  budget.spend();
  if (e.kind === 'number') return e.significant !== undefined;
  return partsOf(e).some((part) => hasFloat(part, budget));
}

/** A root or power of a float that stands alone or in a sum: sympy works it out when it is subtracted. */
export function isRoundedWhenSubtracted(e: Expression, budget: Budget): boolean {
  if (e.kind === 'sum') return e.terms.some((term) => isRoundedWhenSubtracted(term, budget));
  return e.kind === 'power' && e.base.kind === 'number' && hasFloat(e, budget);
}

/** x^{2.0} or g(0.0): sympy does not take it for the power or function of an integer. */
export function hasFloatInside(e: Expression, budget: Budget): boolean {
  budget.spend();
  if (e.kind === 'call' || e.kind === 'application') return hasFloat(e, budget);
  if (e.kind === 'power' && e.exponent.kind === 'number')
    if (e.exponent.significant !== undefined && e.exponent.value.d === 1n) return true;
  return partsOf(e).some((part) => hasFloatInside(part, budget));
}

/** Made of rational numbers by sums, products and whole powers. */
function isRationalForm(e: Expression): boolean {
  switch (e.kind) {
    case 'number':
      return true;
    case 'percent':
      return isRationalForm(e.value);
    case 'sum':
      return e.terms.every(isRationalForm);
    case 'product':
      return e.factors.every(isRationalForm);
    case 'power':
      return isRationalForm(e.base) && e.exponent.kind === 'number' && e.exponent.value.d === 1n;
    default:
      return false;
  }
}

const BITS = 128;

/**
 * Whether two constants, floats among them, are equal in double precision: their rounding errors count beside a plain
 * number, so that 14.0/5 is not 14/5, and in a predicted root, so that the root of 7 is not the root of 7.0. Undefined
 * where sympy keeps everything exact until it is evaluated: then decimals are compared exactly.
 */
export function sameInDoubles(
  a: Expression,
  b: Expression,
  { atomic, tolerance }: { readonly atomic: boolean; readonly tolerance: number },
  budget: Budget,
): boolean | undefined {
  if (!atomic && !isRoundedWhenSubtracted(b, budget)) return undefined;
  if (atomic && a.kind === 'number' && b.kind === 'number') return undefined;
  const [x, y] = [approximate(a, NOTHING_BOUND, budget), approximate(b, NOTHING_BOUND, budget)];
  if (x === undefined || y === undefined || x.im !== 0 || y.im !== 0) return undefined;
  if (Math.abs(x.re - y.re) > 1e-9 * Math.abs(x.re)) return false;
  const rounded = (e: Expression): boolean => hasFloat(e, budget) || isRationalForm(e);
  if (rounded(a) && rounded(b)) return Math.abs(x.re - y.re) <= (atomic ? 0 : tolerance);
  const [float, exact] = rounded(a) ? [x.re, b] : [y.re, a];
  const value = evaluate(difference(exact, fromDouble(float)), NOTHING_BOUND, BITS, budget);
  return value === undefined ? undefined : Math.abs(middle(value.re)) <= (atomic ? 0 : tolerance);
}

const NOTHING_BOUND = new Map<string, never>();

/** The very value of a double. */
function fromDouble(x: number): Expression {
  let [mantissa, exponent] = [x, 0];
  while (!Number.isInteger(mantissa) && exponent < 1100) [mantissa, exponent] = [mantissa * 2, exponent + 1];
  return { kind: 'number', value: rational(BigInt(mantissa), 1n << BigInt(exponent)) };
}
