import type { Expression, NumberExpression } from '../../answer/expression.js';
import { difference } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { middle } from '../../values/ball.js';
import { evaluate } from '../../values/evaluate.js';
import { isInteger, multiply, rational, type Rational } from '../../values/rational.js';
import { exactValue } from '../../values/exact-value.js';
import { scalarForm } from '../../values/scalar-form.js';
import { isMatrix, isWhole } from '../latex/construct.js';
import { partsOf } from '../latex/relations.js';
import { hasFloat, hasFloatInside, isRoundedWhenSubtracted, sameInDoubles } from './floats.js';
import { freeSymbols } from './free-symbols.js';
import { entriesOf, withoutMatrices } from './matrices.js';
import { approximate, magnitude } from './numeric.js';
import { constantValue } from './order.js';
import { sameValue } from './same-value.js';

export interface Precision {
  readonly floatRounding: number;
  readonly numericPrecision: number;
}

const HUNDREDTH = rational(1n, 100n);

/**
 * Numbers and formulas. A float is compared after rounding to decimal places, two other constants by whether their
 * difference is tiny, everything else by whether the difference is zero.
 */
export function sameScalar(
  gold: Expression,
  prediction: Expression,
  precision: Precision,
  budget: Budget,
): boolean {
  if (isMatrix(gold) && isMatrix(prediction)) return sameMatrix(gold, prediction, precision, budget);
  if (isMatrix(gold) || isMatrix(prediction)) return false;
  if (hasAbsoluteMatrix(gold) || hasAbsoluteMatrix(prediction)) return false;
  const [a, b] = [withoutMatrices(gold, budget), withoutMatrices(prediction, budget)];
  const atomic = isAtomic(a) || isAtomic(b);
  if (atomic) {
    if ((isFloat(a) || isFloat(b)) && sameRounded(a, b, precision.floatRounding, budget)) return true;
  } else if (isTiny(a, b, precision.numericPrecision, budget)) return true;
  if (hasFloat(a, budget) || hasFloat(b, budget)) {
    if (isConstant(a, budget) && isConstant(b, budget) && !(isAtomic(a) && isAtomic(b))) {
      const tolerance = tinyLimit(precision.numericPrecision);
      const same = sameInDoubles(a, b, { atomic, tolerance }, budget);
      if (same !== undefined) return same;
    } else if (hasFloatInside(a, budget) !== hasFloatInside(b, budget)) return false;
  }
  return sameValue(a, b, budget);
}

/** Bars around an `array` or `matrix`: no determinant to Math-Verify, and nothing that it can subtract from. */
function hasAbsoluteMatrix(e: Expression): boolean {
  const parts = partsOf(e);
  return (e.kind === 'call' && e.name === 'abs' && parts.some(isMatrix)) || parts.some(hasAbsoluteMatrix);
}

function isConstant(e: Expression, budget: Budget): boolean {
  return freeSymbols(e, budget).length === 0;
}

function sameMatrix(gold: Expression, prediction: Expression, precision: Precision, budget: Budget): boolean {
  const [a, b] = [entriesOf(gold, budget), entriesOf(prediction, budget)];
  if (a === undefined || b === undefined || a.length !== b.length || a[0]?.length !== b[0]?.length)
    return false;
  const [flatA, flatB] = [a.flat(), b.flat()];
  return flatA.every((entry, i) => sameScalar(entry, flatB[i] as Expression, precision, budget));
}

/** A number, or a number with a percent sign after it. */
function isAtomic(e: Expression): boolean {
  if (e.kind === 'number') return true;
  if (e.kind === 'percent') return isAtomic(e.value);
  if (e.kind === 'product')
    return e.factors.length === 2 && isMinusOne(e.factors[0]) && isInfinity(e.factors[1]);
  return isInfinity(e);
}

function isMinusOne(e: Expression | undefined): boolean {
  return e !== undefined && isWhole(e) && e.value.n === -1n;
}

function isInfinity(e: Expression | undefined): boolean {
  return e?.kind === 'constant' && e.name === 'infinity';
}

function isFloat(e: Expression): boolean {
  if (e.kind === 'percent') return isFloat(e.value);
  return e.kind === 'number' && e.significant !== undefined;
}

/** Equal after rounding to so many decimal places. Integers are not rounded, and no float equals them by rounding. */
function sameRounded(a: Expression, b: Expression, places: number, budget: Budget): boolean {
  const [x, y] = [roundable(a, budget), roundable(b, budget)];
  if (x === undefined || y === undefined || x.whole !== y.whole) return false;
  const [first, second] = [rounded(x.value, places, budget), rounded(y.value, places, budget)];
  return first !== undefined && first === second;
}

interface Roundable {
  readonly value: Rational | number;
  /** An exact integer. */
  readonly whole: boolean;
}

function roundable(e: Expression, budget: Budget): Roundable | undefined {
  const number = numberOf(e);
  if (number !== undefined)
    return { value: number.value, whole: number.significant === undefined && isInteger(number.value) };
  const form = scalarForm(e, budget);
  const exact = form && exactValue(form, budget);
  if (exact !== undefined)
    return { value: exact, whole: isInteger(exact) && (!hasFloat(e, budget) || isRounding(e)) };
  const value = constantValue(e, budget);
  return value === undefined ? undefined : { value, whole: false };
}

/** Makes an integer even of a float. */
function isRounding(e: Expression): boolean {
  return e.kind === 'call' && (e.name === 'floor' || e.name === 'ceil');
}

/** A number, its percent signs multiplied in. */
function numberOf(e: Expression): NumberExpression | undefined {
  if (e.kind === 'number') return e;
  if (e.kind === 'percent') {
    const inner = numberOf(e.value);
    return inner === undefined ? undefined : { ...inner, value: multiply(inner.value, HUNDREDTH) };
  }
  if (e.kind !== 'product') return undefined;
  let total: NumberExpression | undefined;
  for (const factor of e.factors) {
    const next = numberOf(factor);
    if (next === undefined) return undefined;
    const significant = next.significant ?? total?.significant;
    const value = total === undefined ? next.value : multiply(total.value, next.value);
    total = { kind: 'number', value, ...(significant === undefined ? {} : { significant }) };
  }
  return total;
}

/** Half to even; as an integer of units in the last place. */
function rounded(value: Rational | number, places: number, budget: Budget): bigint | undefined {
  if (typeof value === 'number') {
    const scaled = value * 10 ** places;
    return Number.isFinite(scaled) ? BigInt(Math.round(scaled)) : undefined;
  }
  budget.allowBits(4 * places);
  const scaled = value.n * 10n ** BigInt(places);
  const [whole, rest] = [scaled / value.d, 2n * (scaled % value.d)];
  const size = rest < 0n ? -rest : rest;
  const up = size > value.d || (size === value.d && whole % 2n !== 0n);
  return up ? whole + (scaled < 0n ? -1n : 1n) : whole;
}

const BITS_PER_DIGIT = Math.log2(10);

/** Whether the difference of two constants is chopped to zero when it is evaluated to so many digits. */
function isTiny(a: Expression, b: Expression, digits: number, budget: Budget): boolean {
  if (hasLiteralPercent(a) || hasLiteralPercent(b)) return false;
  const value = approximate(difference(a, b), new Map(), budget);
  if (value === undefined || Number.isNaN(value.re)) return false;
  const limit = tinyLimit(digits);
  if (value.error < limit) return magnitude(value) < limit;
  if (magnitude(value) > 64 * value.error || !(hasFloat(a, budget) || hasFloat(b, budget))) return false;
  if (isRoundedWhenSubtracted(b, budget)) return false;
  const closer = evaluate(difference(a, b), new Map(), CLOSER_BITS, budget);
  return closer !== undefined && Math.hypot(middle(closer.re), middle(closer.im)) < limit;
}

/** Where doubles are too coarse to see a difference. */
const CLOSER_BITS = 128;

/** What is smaller is chopped to zero where so many digits are asked for. */
function tinyLimit(digits: number): number {
  return 2 ** -(Math.round((digits + 1) * BITS_PER_DIGIT) + 1);
}

/** A percentage written in LaTeX is never evaluated to so many digits. */
function hasLiteralPercent(e: Expression): boolean {
  return e.kind === 'percent' || partsOf(e).some(hasLiteralPercent);
}
