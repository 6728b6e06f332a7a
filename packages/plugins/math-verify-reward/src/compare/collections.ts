import type { Expression, IntervalExpression } from '../answer/expression.js';
import {
  comparePairs,
  compareUnordered,
  different,
  same,
  type Comparison,
  type Decision,
} from './decision.js';

/** Tuples in order. Of two places, the brackets tell `(1, 2)` from the closed interval `[1, 2]`. */
export function compareTuples(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  if (gold.kind === 'tuple' && gold.items.length === 1 && prediction.kind !== 'tuple')
    return comparison.compare(gold.items[0] as Expression, prediction);
  if (prediction.kind === 'tuple' && prediction.items.length === 1 && gold.kind !== 'tuple')
    return comparison.compare(gold, prediction.items[0] as Expression);
  if (gold.kind !== 'tuple' || prediction.kind !== 'tuple') return undefined;
  if (gold.items.length !== prediction.items.length)
    return different(
      `${String(gold.items.length)} places are expected, there are ${String(prediction.items.length)}`,
    );
  if (gold.items.length === 2 && (gold.open === '[') !== (prediction.open === '['))
    return different('the brackets differ: open against closed');
  return comparePairs(gold.items, prediction.items, comparison);
}

/** Intervals whose ends are not plain numbers: by both ends and their openness. */
export function compareIntervals(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | undefined {
  if (gold.kind !== 'interval' && prediction.kind !== 'interval') return undefined;
  const [a, b] = [asInterval(gold), asInterval(prediction)];
  if (a === undefined || b === undefined) return different('an interval against something that is none');
  if (a.fromClosed !== b.fromClosed || a.toClosed !== b.toClosed)
    return different('an end belongs to one of the intervals only');
  return comparePairs([a.from, a.to], [b.from, b.to], comparison);
}

/** An interval, or the pair `(1, 2)`, `[1, 2]` that may be one. */
export function asInterval(e: Expression): IntervalExpression | undefined {
  if (e.kind === 'interval') return e;
  const [from, to] = e.kind === 'tuple' ? e.items : [];
  if (e.kind !== 'tuple' || from === undefined || to === undefined || e.items.length !== 2) return undefined;
  return { kind: 'interval', from, to, fromClosed: e.open === '[', toClosed: e.close === ']' };
}

/** Sets by name and sets made of sets: the same parts, in any order where order does not matter. */
export function compareSetStructure(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | undefined {
  const kinds = [gold.kind, prediction.kind];
  if (!kinds.some((kind) => kind === 'named-set' || kind === 'set-operation' || kind === 'set-builder'))
    return undefined;
  if (isEmptySet(gold) && isEmptySet(prediction)) return same('both are the empty set');
  if (gold.kind === 'named-set' && prediction.kind === 'named-set')
    return gold.name === prediction.name ? same('the same set') : different('another set');
  if (
    gold.kind === 'set-operation' &&
    prediction.kind === 'set-operation' &&
    gold.operation === prediction.operation
  )
    return gold.operation === 'union' || gold.operation === 'intersection'
      ? compareUnordered(gold.parts, prediction.parts, comparison)
      : comparePairs(gold.parts, prediction.parts, comparison);
  if (gold.kind === 'set-builder' && prediction.kind === 'set-builder')
    return gold.conditions.length === prediction.conditions.length
      ? comparePairs(
          [gold.element, ...gold.conditions],
          [prediction.element, ...prediction.conditions],
          comparison,
        )
      : different('another number of conditions');
  return different('not the same kind of set');
}

function isEmptySet(e: Expression): boolean {
  return (e.kind === 'named-set' && e.name === 'empty') || (e.kind === 'set' && e.items.length === 0);
}

/** Functions by cases: each value has its partner under the same condition, in any order; "otherwise" is any. */
export function compareCases(
  gold: Expression,
  prediction: Expression,
  { compare, budget }: Comparison,
): Omit<Decision, 'rule'> | undefined {
  const [expected, found] = [casesOf(gold), casesOf(prediction)];
  if (expected === undefined || found === undefined) return undefined;
  if (expected.length !== found.length)
    return different(`${String(expected.length)} cases are expected, there are ${String(found.length)}`);
  const left = [...found];
  for (const [index, [value, condition]] of expected.entries()) {
    const partner = left.findIndex(([otherValue, otherCondition]) => {
      budget.spend();
      if (value === undefined || otherValue === undefined || compare(value, otherValue).equal !== true)
        return false;
      if (condition === undefined || otherCondition === undefined) return condition === otherCondition;
      return (
        isOtherwise(condition) ||
        isOtherwise(otherCondition) ||
        compare(condition, otherCondition).equal === true
      );
    });
    if (partner < 0) return different(`case ${String(index + 1)} has no equal`);
    left.splice(partner, 1);
  }
  return same('every case has its equal');
}

/** Value and condition of each case. */
function casesOf(e: Expression): readonly (readonly Expression[])[] | undefined {
  if (e.kind !== 'opaque' || e.head !== 'cases') return undefined;
  return e.parts.map((part) => (part.kind === 'tuple' ? part.items : [part]));
}

function isOtherwise(condition: Expression): boolean {
  return condition.kind === 'text';
}
