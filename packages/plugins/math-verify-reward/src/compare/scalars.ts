import type { Expression, NumberExpression } from '../answer/expression.js';
import { showExpression } from '../answer/show.js';
import { someExpression } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { compareValues, isUndefined } from '../values/compare-values.js';
import { enclose, rationalOf } from '../values/constant.js';
import { scalarForm } from '../values/scalar-form.js';
import { add, compareRationals, negate, rational, ZERO, type Rational } from '../values/rational.js';
import { different, same, undecided, type Comparison, type Decision } from './decision.js';

const COLLECTIONS: ReadonlySet<Expression['kind']> = new Set([
  'relation',
  'list',
  'tuple',
  'set',
  'interval',
  'set-operation',
  'named-set',
  'set-builder',
  'choice',
  'text',
]);

/** What no rule before brought together: a set against a number, an equation against a value. */
export function compareKinds(gold: Expression, prediction: Expression): Omit<Decision, 'rule'> | undefined {
  if (!COLLECTIONS.has(gold.kind) && !COLLECTIONS.has(prediction.kind)) return undefined;
  return different(`${kindName(gold)} is expected, ${kindName(prediction)} was found`);
}

function kindName(e: Expression): string {
  if (!COLLECTIONS.has(e.kind)) return 'a value';
  const name = e.kind.replace('-', ' ');
  return /^[aeiou]/u.test(name) ? `an ${name}` : `a ${name}`;
}

/** Significant digits from which a decimal is taken for the rounding of an exact value. */
const ROUNDING_DIGITS = 6;

/** A decimal of six or more significant digits that rounds the other side: 0.333333 is 1/3, 0.33 is not. */
export function compareRounded(
  gold: Expression,
  prediction: Expression,
  { budget }: Comparison,
): Omit<Decision, 'rule'> | undefined {
  const decimal = coarser(gold, prediction);
  if (decimal === undefined || (decimal.significant ?? 0) < ROUNDING_DIGITS) return undefined;
  const exact = decimal === gold ? prediction : gold;
  return rounds(decimal, exact, budget)
    ? same(`${showExpression(decimal)} rounds ${showExpression(exact)}`)
    : undefined;
}

/** Only where the option asks for it: a prediction that rounds to the digits the gold gives. */
export function compareRoundedToGold(
  gold: Expression,
  prediction: Expression,
  { budget, roundToGold }: Comparison,
): Omit<Decision, 'rule'> | undefined {
  if (!roundToGold || gold.kind !== 'number' || gold.significant === undefined) return undefined;
  return rounds(gold, prediction, budget)
    ? same(`the prediction rounds to ${showExpression(gold)}`)
    : undefined;
}

/** The side that is a decimal; of two decimals the one with fewer digits. */
function coarser(a: Expression, b: Expression): NumberExpression | undefined {
  const [left, right] = [a, b].map((e) =>
    e.kind === 'number' && e.significant !== undefined ? e : undefined,
  );
  if (left === undefined || right === undefined) return left ?? right;
  return (left.significant ?? 0) <= (right.significant ?? 0) ? left : right;
}

/** Whether `exact` lies within half a unit of the last digit of `decimal`. */
export function rounds(decimal: NumberExpression, exact: Expression, budget: Budget): boolean {
  const half = halfUnit(decimal, budget);
  const value = rationalOf(exact, budget);
  if (value !== undefined) return compareRationals(absolute(add(value, negate(decimal.value))), half) <= 0;
  const ball = enclose(
    { kind: 'sum', terms: [exact, { kind: 'number', value: negate(decimal.value) }] },
    128,
    budget,
  );
  if (ball === undefined) return false;
  const upper = (part: { readonly m: bigint; readonly e: number; readonly r: number }): Rational => {
    const size = (part.m < 0n ? -part.m : part.m) + BigInt(Math.ceil(part.r));
    budget.allowBits(Math.abs(part.e));
    return part.e >= 0 ? rational(size << BigInt(part.e)) : rational(size, 1n << BigInt(-part.e));
  };
  return compareRationals(upper(ball.re), half) <= 0 && compareRationals(upper(ball.im), half) <= 0;
}

/** Bits that a decimal digit takes at the most. */
const BITS_OF_A_DIGIT = 4;

/** Half a unit of the last written digit: of 0.0833 (three significant digits) 0.00005. */
function halfUnit({ value, significant = 1 }: NumberExpression, budget: Budget): Rational {
  if (value.n === 0n) return ZERO;
  let magnitude = String(absolute(value).n / value.d).length;
  if (absolute(value).n < value.d) {
    // Digits after the point before the first that counts.
    magnitude = 0;
    for (let scaled = absolute(value).n * 10n; scaled < value.d; scaled *= 10n) {
      budget.spend();
      magnitude -= 1;
    }
  }
  const place = magnitude - significant;
  budget.allowBits(Math.abs(place) * BITS_OF_A_DIGIT);
  return place >= 0 ? rational(10n ** BigInt(place), 2n) : rational(1n, 2n * 10n ** BigInt(-place));
}

function absolute({ n, d }: Rational): Rational {
  return { n: n < 0n ? -n : n, d };
}

/** Equal as numbers, or as functions of their variables. */
export function compareScalars(
  gold: Expression,
  prediction: Expression,
  { budget }: Comparison,
): Omit<Decision, 'rule'> {
  const verdict = compareValues(gold, prediction, budget);
  if (verdict.same === undefined) {
    // A prediction without a value must not abstain its way out of being wrong.
    if (hasNoValue(prediction, budget) && !hasNoValue(gold, budget))
      return different('the prediction has no value');
    return undecided(verdict.reason);
  }
  if (verdict.same) return same(SAME[verdict.by]);
  // What is left of an integral that could not be evaluated is taken for an unknown: that shows no difference. A prediction
  // must not use it to abstain, so only the gold's count.
  if (verdict.by !== 'exact' && hasUnevaluated(gold, budget))
    return undecided('the expected integral, limit or derivative could not be evaluated');
  return different(DIFFERENT[verdict.by]);
}

const CALCULUS: ReadonlySet<string> = new Set(['integral', 'limit', 'derivative']);

function hasUnevaluated(e: Expression, budget: Budget): boolean {
  const form = scalarForm(e, budget) ?? e;
  return someExpression(form, (part) => part.kind === 'opaque' && CALCULUS.has(part.head));
}

/** `0/0`, or what is no scalar at all: a product of matrices that do not fit together. */
function hasNoValue(e: Expression, budget: Budget): boolean {
  return isUndefined(e, budget) || scalarForm(e, budget) === undefined;
}

const SAME = {
  exact: 'equal by exact arithmetic',
  samples: 'equal at every point that was tried, to the last digit computed',
} as const;
const DIFFERENT = {
  exact: 'different by exact arithmetic',
  bounds: 'their values differ by more than the error of computing them',
  samples: 'different at a point that was tried',
} as const;
