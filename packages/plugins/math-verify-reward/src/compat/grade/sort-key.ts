import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { partsOf } from '../latex/relations.js';
import { unwrapped } from './assignments.js';
import { constantValue } from './order.js';

/** Where an element stands in a set: numbers first by value, then everything else by kind and parts. */
export type SortKey = readonly [number, number | string, readonly SortKey[]];

export function sortKey(e: Expression, budget: Budget): SortKey {
  budget.spend();
  const value = unwrapped(e);
  const number = constantValue(value, budget);
  if (number !== undefined) return [0, number, []];
  if (value.kind === 'symbol') return [1, value.name, []];
  const parts = partsOf(value);
  return [2 + KINDS.indexOf(value.kind), parts.length, parts.map((part) => sortKey(part, budget))];
}

const KINDS: readonly Expression['kind'][] = ['product', 'sum', 'power', 'call', 'application', 'tuple'];

export function compareKeys(a: SortKey, b: SortKey): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) {
    if (typeof a[1] === 'number' && typeof b[1] === 'number') return a[1] - b[1];
    return String(a[1]) < String(b[1]) ? -1 : 1;
  }
  for (const [i, part] of a[2].entries()) {
    const other = b[2][i];
    const result = other === undefined ? 0 : compareKeys(part, other);
    if (result !== 0) return result;
  }
  return 0;
}

export function sorted(items: readonly Expression[], budget: Budget): readonly Expression[] {
  budget.spend(items.length);
  return items
    .map((item) => ({ item, key: sortKey(item, budget) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ item }) => item);
}
