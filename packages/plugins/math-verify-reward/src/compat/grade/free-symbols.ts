import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { partsOf } from '../latex/relations.js';

/** Names of the symbols of an expression in order of their first appearance, bound indices left out. */
export function freeSymbols(e: Expression, budget: Budget): readonly string[] {
  const names = new Set<string>();
  collect(e, names, new Set(), budget, 0);
  return [...names];
}

function collect(
  e: Expression,
  names: Set<string>,
  bound: ReadonlySet<string>,
  budget: Budget,
  depth: number,
): void {
  budget.spend();
  budget.allowNesting(depth / 4);
  if (e.kind === 'symbol' && !bound.has(e.name)) names.add(e.name);
  const within = e.kind === 'series' ? new Set([...bound, e.index]) : bound;
  const parts = e.kind === 'matrix' ? e.rows.flat() : partsOf(e);
  for (const part of parts) collect(part, names, within, budget, depth + 1);
}

/** Renames free symbols. */
export function renamed(e: Expression, names: ReadonlyMap<string, string>, budget: Budget): Expression {
  budget.spend();
  const all = (parts: readonly Expression[]): Expression[] =>
    parts.map((part) => renamed(part, names, budget));
  switch (e.kind) {
    case 'symbol':
      return { ...e, name: names.get(e.name) ?? e.name };
    case 'sum':
      return { ...e, terms: all(e.terms) };
    case 'product':
      return { ...e, factors: all(e.factors) };
    case 'power':
      return { ...e, base: renamed(e.base, names, budget), exponent: renamed(e.exponent, names, budget) };
    case 'call':
    case 'application':
      return { ...e, args: all(e.args) };
    case 'series':
      return {
        ...e,
        from: renamed(e.from, names, budget),
        to: renamed(e.to, names, budget),
        body: renamed(e.body, names, budget),
      };
    case 'opaque':
    case 'set-operation':
      return { ...e, parts: all(e.parts) };
    case 'percent':
      return { ...e, value: renamed(e.value, names, budget) };
    case 'relation':
      return { ...e, operands: all(e.operands) };
    case 'list':
    case 'set':
    case 'tuple':
      return { ...e, items: all(e.items) };
    case 'interval':
      return { ...e, from: renamed(e.from, names, budget), to: renamed(e.to, names, budget) };
    case 'matrix':
      return { ...e, rows: e.rows.map(all) };
    default:
      return e;
  }
}
