import { difference } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { holdsZero, signOfBall } from '../values/ball.js';
import { compareValues } from '../values/compare-values.js';
import { enclose, rationalOf } from '../values/constant.js';
import { infiniteSign } from '../values/infinity.js';
import { compareRationals } from '../values/rational.js';

/** Bits that tell two real constants apart which are not shown to be equal. */
const BITS = 128;

/** An infinite end of the real line. */
export function isInfinite(e: Expression, budget: Budget): boolean {
  const sign = infiniteSign(e, budget);
  return sign === 1 || sign === -1;
}

/** Negative, zero or positive as the real constants a < b, a = b, a > b; undefined where that cannot be told. */
export function order(a: Expression, b: Expression, budget: Budget): number | undefined {
  budget.spend();
  if (isInfinite(a, budget) || isInfinite(b, budget)) {
    const gap = (infiniteSign(a, budget) ?? 0) - (infiniteSign(b, budget) ?? 0);
    return Number.isNaN(gap) ? undefined : gap;
  }
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
