import type { Expression } from '../answer/expression.js';
import { childrenOf } from '../answer/tree.js';

const known = new WeakMap<Expression, ReadonlySet<string>>();
const NONE: ReadonlySet<string> = new Set();

/** Symbols that `e` depends on: all but the indices of its sums and products. */
export function freeSymbols(e: Expression): ReadonlySet<string> {
  switch (e.kind) {
    case 'number':
    case 'constant':
      return NONE;
    case 'symbol':
      return new Set([e.name]);
    default: {
      let symbols = known.get(e);
      if (symbols === undefined) known.set(e, (symbols = collect(e)));
      return symbols;
    }
  }
}

function collect(e: Expression): ReadonlySet<string> {
  const all = new Set<string>();
  if (e.kind === 'series') {
    for (const name of freeSymbols(e.body)) if (name !== e.index) all.add(name);
    for (const end of [e.from, e.to]) for (const name of freeSymbols(end)) all.add(name);
  } else {
    for (const child of childrenOf(e)) for (const name of freeSymbols(child)) all.add(name);
  }
  return all.size === 0 ? NONE : all;
}

const sizes = new WeakMap<Expression, number>();

/** Number of expressions in a tree; a part that stands in several places counts as often. */
export function sizeOfTree(e: Expression): number {
  if (e.kind === 'number' || e.kind === 'symbol' || e.kind === 'constant') return 1;
  let size = sizes.get(e);
  if (size === undefined) {
    size = childrenOf(e).reduce((sum, child) => sum + sizeOfTree(child), 1);
    sizes.set(e, size);
  }
  return size;
}
