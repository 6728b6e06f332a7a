import { integer, quotient } from '../answer/build.js';
import type { Expression, RatioExpression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { compareValues } from '../values/compare-values.js';
import { different, same, type Comparison, type Decision } from './decision.js';

/**
 * `3:4` and `6:8` are one ratio. What both sides could also be a time of day (`12:30`, `6:15`) is compared as one: the
 * stricter of the two.
 */
export function compareRatios(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  if (gold.kind === 'ratio' && prediction.kind === 'ratio') {
    const [expected, found] = [minutesOf(gold), minutesOf(prediction)];
    if (expected !== undefined && found !== undefined) return compareTimes(gold, prediction, expected, found);
    return compareProportions(gold, prediction, comparison);
  }
  const [ratio, other] = gold.kind === 'ratio' ? [gold, prediction] : [prediction, gold];
  const [antecedent, consequent] = ratio.kind === 'ratio' ? ratio.parts : [];
  if (
    ratio.kind !== 'ratio' ||
    antecedent === undefined ||
    consequent === undefined ||
    ratio.parts.length !== 2
  )
    return undefined;
  if (ratio.meridiem !== undefined) return compareHour(ratio, other);
  const value = quotient(antecedent, consequent);
  return ratio === gold ? comparison.compare(value, other) : comparison.compare(other, value);
}

const MINUTES_A_DAY = 24 * 60;

/** Minutes since midnight of what can be a time of day: two digits of minutes. */
function minutesOf({ parts, meridiem }: RatioExpression): number | undefined {
  const [hour, minute] = parts.map((part) =>
    part.kind === 'number' && part.value.d === 1n && part.significant === undefined
      ? Number(part.value.n)
      : NaN,
  );
  if (parts.length !== 2 || hour === undefined || minute === undefined) return undefined;
  if (!(hour >= 0 && hour < 24 && minute < 60 && (minute >= 10 || (meridiem !== undefined && minute >= 0))))
    return undefined;
  if (meridiem === undefined) return hour * 60 + minute;
  return (hour % 12) * 60 + minute + (meridiem === 'pm' ? MINUTES_A_DAY / 2 : 0);
}

function compareTimes(
  gold: RatioExpression,
  prediction: RatioExpression,
  a: number,
  b: number,
): Omit<Decision, 'rule'> {
  // Where one side leaves out whether it is before or after noon, the clock face decides.
  const half = (gold.meridiem === undefined) !== (prediction.meridiem === undefined);
  const equal = a === b || (half && a % (MINUTES_A_DAY / 2) === b % (MINUTES_A_DAY / 2));
  return equal ? same('the same time of day') : different('another time of day');
}

/** `5 pm` is read as 5:00 pm by whoever writes it out. */
function compareHour(time: RatioExpression, other: Expression): Omit<Decision, 'rule'> | undefined {
  const minutes = minutesOf(time);
  if (minutes === undefined || other.kind !== 'number' || other.value.d !== 1n) return undefined;
  return minutes % 60 === 0 && Number(other.value.n) % 12 === (minutes / 60) % 12
    ? same('the same hour')
    : different('another time of day');
}

function compareProportions(
  gold: RatioExpression,
  prediction: RatioExpression,
  { compare }: Comparison,
): Omit<Decision, 'rule'> {
  if (gold.parts.length !== prediction.parts.length)
    return different(
      `a ratio of ${String(gold.parts.length)} parts is expected, this one has ${String(prediction.parts.length)}`,
    );
  const [a, b] = [gold.parts[0] ?? integer(1), prediction.parts[0] ?? integer(1)];
  for (const [index, part] of gold.parts.entries()) {
    if (index === 0) continue;
    const decision = compare(quotient(part, a), quotient(prediction.parts[index] as Expression, b));
    if (decision.equal !== true)
      return {
        equal: decision.equal,
        detail: `part ${String(index + 1)} against the first: ${decision.detail}`,
      };
  }
  return same('the same proportions');
}

/** `204_5` is 204 in base 5: the same digits alone leave the base out, and 54 is its value. */
export function compareBases(
  gold: Expression,
  prediction: Expression,
  { compare, budget }: Comparison,
): Omit<Decision, 'rule'> | undefined {
  if (gold.kind !== 'based' && prediction.kind !== 'based') return undefined;
  if (compareValues(gold, prediction, budget).same === true) return same('the same number');
  if (gold.kind === 'based' && prediction.kind === 'based') return different('another number');
  const [based, other] = gold.kind === 'based' ? [gold, prediction] : [prediction, gold];
  if (
    based.kind === 'based' &&
    /^\d+$/u.test(based.digits) &&
    compare(decimalDigits(based.digits, budget), other).equal === true
  )
    return same(`the same digits; base ${String(based.base)} is left out`);
  return different('neither the same digits nor the same value');
}

/** Bits that a decimal digit takes at the most. */
const BITS_OF_A_DIGIT = 4;

function decimalDigits(digits: string, budget: Budget): Expression {
  budget.allowBits(digits.length * BITS_OF_A_DIGIT);
  return integer(BigInt(digits));
}
