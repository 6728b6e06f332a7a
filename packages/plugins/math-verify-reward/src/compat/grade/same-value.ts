import type { Expression } from '../../answer/expression.js';
import { difference } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { middle } from '../../values/ball.js';
import { complexOf } from '../../values/complex-ball.js';
import { evaluate } from '../../values/evaluate.js';
import { rational, sameRational } from '../../values/rational.js';
import { compareValues } from '../../values/compare-values.js';
import { hasFloat } from './floats.js';
import { freeSymbols } from './free-symbols.js';
import { approximate, magnitude, plus, real, times, type Approximation } from './numeric.js';

/** Values that symbols take, of both signs; fixed, so that a verdict never changes. */
const SAMPLES = [0.7312, -1.3741, 2.2193, -0.4127, 1.9183, 3.1047, -2.6519, 0.2791, 5.3307, -4.1163] as const;
const POINTS = 7;

/** Whether two scalars are equal for all real values of their symbols. */
export function sameValue(a: Expression, b: Expression, budget: Budget): boolean {
  if (a.kind === 'number' && b.kind === 'number') return sameRational(a.value, b.value);
  const names = [...new Set([...freeSymbols(a, budget), ...freeSymbols(b, budget)])].sort();
  const close =
    names.length === 0
      ? agree(approximate(a, new Map(), budget), approximate(b, new Map(), budget))
      : agreesAtPoints(a, b, names, budget);
  if (close === false) return false;
  if (close === true && names.length > 0)
    return !(hasFloat(a, budget) || hasFloat(b, budget)) || vanishes(difference(a, b), names, budget);
  const exactly = compareValues(a, b, budget).same;
  return close === true ? exactly !== false : exactly === true;
}

const BITS = 128;
/** What sympy evaluates to nothing with its default precision. */
const TINY = 2 ** -54;

/** Whether a formula with floats is nothing as far as evaluation shows. */
function vanishes(e: Expression, names: readonly string[], budget: Budget): boolean {
  return [0, 1].every((point) => {
    const bindings = new Map(
      names.map((name, i) => [name, complexOf(rational(BigInt(2 * point + i + 2), 3n), BITS)] as const),
    );
    const value = evaluate(e, bindings, BITS, budget);
    return value === undefined || Math.hypot(middle(value.re), middle(value.im)) < TINY;
  });
}

function agreesAtPoints(
  a: Expression,
  b: Expression,
  names: readonly string[],
  budget: Budget,
): boolean | undefined {
  let agreed = 0;
  for (let point = 0; point < POINTS; point++) {
    const bindings = new Map(
      names.map((name, i) => [name, real((SAMPLES[(point + i * 3) % SAMPLES.length] ?? 1) + 0.137 * i)]),
    );
    const same = agree(approximate(a, bindings, budget), approximate(b, bindings, budget));
    if (same === false) return false;
    if (same === true) agreed++;
  }
  if (agreed >= 3) return true;
  // Factorials and binomials want integers.
  for (let point = 0; point < 4; point++) {
    const bindings = new Map(names.map((name, i) => [name, real(point + 2 + i)]));
    const same = agree(approximate(a, bindings, budget), approximate(b, bindings, budget));
    if (same === false) return false;
    if (same === true) agreed++;
  }
  return agreed >= 3 ? true : undefined;
}

/** Undefined where one of the two has no value. */
function agree(a: Approximation | undefined, b: Approximation | undefined): boolean | undefined {
  if (a === undefined || b === undefined || Number.isNaN(a.re) || Number.isNaN(b.re)) return undefined;
  if (!Number.isFinite(a.re) || !Number.isFinite(b.re)) return a.re === b.re ? true : undefined;
  const difference = magnitude(plus(a, times(real(-1), b)));
  return difference <= 1e-11 * Math.max(magnitude(a), magnitude(b)) + 64 * (a.error + b.error);
}
