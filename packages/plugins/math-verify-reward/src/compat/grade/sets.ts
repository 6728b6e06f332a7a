import type { Expression, IntervalExpression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { partsOf } from '../latex/relations.js';
import { isSet, tupleOf } from '../latex/sets.js';
import { freeSymbols } from './free-symbols.js';
import { areComparableSets, realSetOf, sameRealSet } from './membership.js';
import type { SameExpression } from './relations.js';
import { sameValue } from './same-value.js';
import type { Precision } from './scalars.js';
import { sorted } from './sort-key.js';
import { distinctElements, elementsOf, sameStructure } from './structure.js';

/** Sets and tuples; anything else stands for the set of itself alone. */
export function sameSets(
  gold: Expression,
  prediction: Expression,
  precision: Precision,
  budget: Budget,
  same: SameExpression,
): boolean {
  const [a, b] = [asSetOrTuple(gold), asSetOrTuple(prediction)];
  if (a.kind === 'interval' && b.kind === 'interval') return sameInterval(a, b, precision, budget, same);
  if (sameStructure(a, b, budget)) return true;
  if (isSet(a) && isSet(b) && areComparableSets(a, b)) {
    const [first, second] = [realSetOf(a, budget), realSetOf(b, budget)];
    const finite = elementsOf(a) !== undefined && elementsOf(b) !== undefined;
    if (first !== undefined && second !== undefined)
      if (finite ? sameNumbers(a, b, budget) : sameRealSet(first, second, budget)) return true;
  }
  return sameCollections(loosened(a, b, budget), loosened(b, a, budget), precision, budget, same);
}

function asSetOrTuple(e: Expression): Expression {
  if (e.kind === 'set-operation' && e.operation === 'union') {
    const parts = e.parts.map(elementsOf);
    if (parts.every((part) => part !== undefined)) return { kind: 'set', items: parts.flat() };
  }
  return isSet(e) || e.kind === 'tuple' ? e : { kind: 'set', items: [e] };
}

/** Whether two sets of constants hold the same, however often. */
function sameNumbers(a: Expression, b: Expression, budget: Budget): boolean {
  const [first, second] = [elementsOf(a) ?? [], elementsOf(b) ?? []];
  const within = (x: Expression, all: readonly Expression[]): boolean =>
    all.some((y) => sameValue(x, y, budget));
  return first.every((x) => within(x, second)) && second.every((y) => within(y, first));
}

function sameInterval(
  a: IntervalExpression,
  b: IntervalExpression,
  precision: Precision,
  budget: Budget,
  same: SameExpression,
): boolean {
  if (a.fromClosed !== b.fromClosed || a.toClosed !== b.toClosed) return false;
  return same(a.from, b.from, precision, budget) && same(a.to, b.to, precision, budget);
}

/** An open interval beside a collection of two may be meant as a pair. */
function loosened(e: Expression, other: Expression, budget: Budget): Expression {
  if (e.kind !== 'interval' || e.fromClosed || e.toClosed || other.kind === 'interval') return e;
  if (isLoose(e.from, budget) || isLoose(e.to, budget)) return e;
  return tupleOf([e.from, e.to]);
}

/** `-2x` is -1 times 2 times x, not worked out: sympy cannot tell that an interval that ends there is open. */
function isLoose(e: Expression, budget: Budget): boolean {
  if (e.kind !== 'product') return partsOf(e).some((part) => isLoose(part, budget));
  const [first, second, ...rest] = e.factors;
  if (first?.kind !== 'number' || second?.kind !== 'number') return false;
  return rest.some((factor) => factor.kind === 'constant' || freeSymbols(factor, budget).length > 0);
}

/** A gold set and its partner in order of value, whatever it is; a gold tuple and its partner as they are written. */
function sameCollections(
  gold: Expression,
  prediction: Expression,
  precision: Precision,
  budget: Budget,
  same: SameExpression,
): boolean {
  const [a, b] = [inOrder(gold, budget), inOrder(prediction, budget)];
  if (a === undefined || b === undefined || a.distinct.length !== b.distinct.length) return false;
  const asWritten = gold.kind === 'tuple';
  const first = asWritten ? a.written : sorted(a.distinct, budget);
  const second = asWritten ? b.written : sorted(b.distinct, budget);
  if (first.length !== second.length) return false;
  return first.every((x, i) => same(x, second[i] as Expression, precision, budget));
}

interface Collection {
  readonly written: readonly Expression[];
  readonly distinct: readonly Expression[];
}

function inOrder(e: Expression, budget: Budget): Collection | undefined {
  if (e.kind === 'tuple') return { written: e.items, distinct: e.items };
  const written = elementsOf(e);
  return written === undefined ? undefined : { written, distinct: distinctElements(written, budget) };
}
