import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { order } from '../grade/order.js';
import { Unconvertible } from './readings.js';

const EMPTY: Expression = { kind: 'named-set', name: 'empty' };

export function setOf(items: readonly Expression[]): Expression {
  return items.length === 0 ? EMPTY : { kind: 'set', items };
}

export function tupleOf(items: readonly Expression[]): Expression {
  return { kind: 'tuple', items, open: '(', close: ')' };
}

/** (a, b) is an open interval where a < b, otherwise a pair; [a, b] where a <= b. Mixed brackets make intervals only. */
export function intervalOrPair(
  from: Expression,
  to: Expression,
  fromClosed: boolean,
  toClosed: boolean,
  budget: Budget,
): Expression {
  const known = order(from, to, budget);
  if (fromClosed === toClosed && known !== undefined && (known > 0 || (known === 0 && !fromClosed)))
    return tupleOf([from, to]);
  if (!isReal(from) || !isReal(to)) throw new Unconvertible('the ends of an interval are not real');
  if (known !== undefined && known >= 0) return known === 0 && fromClosed && toClosed ? setOf([to]) : EMPTY;
  return {
    kind: 'interval',
    from,
    to,
    fromClosed: fromClosed && !isInfinite(from),
    toClosed: toClosed && !isInfinite(to),
  };
}

function isReal(e: Expression): boolean {
  switch (e.kind) {
    case 'constant':
      return e.name !== 'i' && e.name !== 'undefined' && e.name !== 'complex-infinity';
    case 'relation':
    case 'set':
    case 'tuple':
    case 'interval':
    case 'matrix':
      return false;
    case 'sum':
      return e.terms.every((term) => mayBeReal(term));
    case 'product':
      return e.factors.every((factor) => mayBeReal(factor));
    default:
      return true;
  }
}

function mayBeReal(e: Expression): boolean {
  return !(e.kind === 'constant' && e.name === 'i');
}

function isInfinite(e: Expression): boolean {
  if (e.kind === 'product') return e.factors.some(isInfinite);
  return e.kind === 'constant' && e.name === 'infinity';
}

export function setOperation(
  operation: 'union' | 'intersection' | 'difference',
  left: Expression,
  right: Expression,
): Expression {
  const loose = (e: Expression): Expression =>
    e.kind === 'tuple' && operation !== 'difference' ? setOf(e.items) : e;
  const [a, b] = [loose(left), loose(right)];
  const parts =
    a.kind === 'set-operation' && a.operation === operation && operation !== 'difference' ? a.parts : [a];
  return { kind: 'set-operation', operation, parts: [...parts, b] };
}

export function isSet(e: Expression): boolean {
  return (
    e.kind === 'set' ||
    e.kind === 'list' ||
    e.kind === 'interval' ||
    e.kind === 'set-operation' ||
    e.kind === 'named-set'
  );
}
