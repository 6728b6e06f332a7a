import { difference } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { holdsZero, signOfBall } from '../values/ball.js';
import { compareValues } from '../values/compare-values.js';
import { enclose, rationalOf } from '../values/constant.js';
import { compareRationals } from '../values/rational.js';

/** Bits that tell two real constants apart which are not shown to be equal. */
const BITS = 128;

/** 1 and -1 for the infinite ends of the real line, 0 for what is finite. */
export function infiniteSign(e: Expression): 1 | -1 | 0 {
  if (e.kind === 'constant') return e.name === 'infinity' ? 1 : 0;
  if (e.kind !== 'product') return 0;
  let sign: 1 | -1 | 0 = 0;
  let negative = false;
  for (const factor of e.factors) {
    if (factor.kind === 'constant' && factor.name === 'infinity') sign = 1;
    else if (factor.kind === 'number') negative = negative !== factor.value.n < 0n;
    else return 0;
  }
  return sign === 0 ? 0 : negative ? -1 : 1;
}

/** Negative, zero or positive as the real constants a < b, a = b, a > b; undefined where that cannot be told. */
export function order(a: Expression, b: Expression, budget: Budget): number | undefined {
  budget.spend();
  const [endA, endB] = [infiniteSign(a), infiniteSign(b)];
  if (endA !== 0 || endB !== 0) return endA - endB;
  const [left, right] = [rationalOf(a, budget), rationalOf(b, budget)];
  if (left !== undefined && right !== undefined) return compareRationals(left, right);
  const verdict = compareValues(a, b, budget);
  if (verdict.same === true) return 0;
  if (verdict.same === undefined) return undefined;
  const gap = enclose(difference(a, b), BITS, budget);
  if (gap === undefined) return undefined;
  // With an imaginary part it is no place on the real line.
  return holdsZero(gap.im) ? signOfBall(gap.re) : undefined;
}
