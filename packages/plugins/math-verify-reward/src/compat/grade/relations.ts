import { isWholeNumber } from '../../answer/tree.js';
import type { Expression, RelationExpression, RelationOperator } from '../../answer/expression.js';
import { difference, minus, product } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import type { Precision } from './scalars.js';
import { add, negate } from '../../values/rational.js';
import { isSet } from '../latex/sets.js';
import { sameSolutions } from './solution-sets.js';

const MIRRORED: Partial<Record<RelationOperator, RelationOperator>> = {
  '=': '=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

export type SameExpression = (
  gold: Expression,
  prediction: Expression,
  precision: Precision,
  budget: Budget,
) => boolean;

/** Link by link in order; each by the difference of its sides, or mirrored, or by the solutions of the equation. */
export function sameRelation(
  gold: RelationExpression,
  prediction: RelationExpression,
  precision: Precision,
  budget: Budget,
  same: SameExpression,
): boolean {
  if (gold.operators.length !== prediction.operators.length) return false;
  return gold.operators.every((_, i) =>
    sameLink(linkOf(gold, i), linkOf(prediction, i), precision, budget, same),
  );
}

interface Link {
  readonly left: Expression;
  readonly right: Expression;
  readonly operator: RelationOperator;
}

function linkOf({ operands, operators }: RelationExpression, i: number): Link {
  return {
    left: operands[i] as Expression,
    right: operands[i + 1] as Expression,
    operator: operators[i] as RelationOperator,
  };
}

function sameLink(
  gold: Link,
  prediction: Link,
  precision: Precision,
  budget: Budget,
  same: SameExpression,
): boolean {
  if (![gold.left, gold.right, prediction.left, prediction.right].every(canBeSubtracted)) return false;
  const side = subtracted(gold.left, gold.right);
  if (
    gold.operator === prediction.operator &&
    same(side, subtracted(prediction.left, prediction.right), precision, budget)
  )
    return true;
  if (MIRRORED[gold.operator] !== prediction.operator) return false;
  if (same(side, subtracted(prediction.right, prediction.left), precision, budget)) return true;
  const equation = ({ left, right }: Link): Expression => ({
    kind: 'relation',
    operands: [left, right],
    operators: ['='],
  });
  return gold.operator === '=' && sameSolutions(equation(gold), equation(prediction), budget);
}

function canBeSubtracted(e: Expression): boolean {
  return !isSet(e) && e.kind !== 'tuple' && e.kind !== 'relation';
}

/** As sympy subtracts: nothing happens to what zero is taken from, and numbers become one. */
function subtracted(a: Expression, b: Expression): Expression {
  if (isZero(b)) return a;
  if (isZero(a)) return withoutDoubleMinus(minus(b));
  if (b.kind !== 'number') return difference(a, b);
  if (a.kind !== 'number') return difference(a, b);
  const significant = a.significant ?? b.significant;
  const value = add(a.value, negate(b.value));
  return { kind: 'number', value, ...(significant === undefined ? {} : { significant }) };
}

function isZero(e: Expression): boolean {
  return e.kind === 'product' ? e.factors.some(isZero) : e.kind === 'number' && e.value.n === 0n;
}

function withoutDoubleMinus(e: Expression): Expression {
  if (e.kind !== 'product') return e;
  const [first, second, ...rest] = e.factors;
  return isWholeNumber(first, -1n) && isWholeNumber(second, -1n) && rest.length > 0 ? product(...rest) : e;
}
