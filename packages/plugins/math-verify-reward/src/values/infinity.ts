import type { Expression } from '../answer/expression.js';
import { someExpression } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { exactValue } from './exact-value.js';

/** 1 or -1 for an infinity of that sign, NaN for one that has none or is undefined, nothing for what is finite. */
export function infiniteSign(e: Expression, budget: Budget): number | undefined {
  if (e.kind === 'number' || e.kind === 'symbol') return undefined;
  if (!someExpression(e, ({ kind }) => kind === 'constant')) return undefined;
  if (!someExpression(e, isUnbounded)) return undefined;
  switch (e.kind) {
    case 'constant':
      return e.name === 'infinity' ? 1 : NaN;
    case 'sum': {
      const signs = e.terms.flatMap((term) => infiniteSign(term, budget) ?? []);
      return signs.every((sign) => sign === signs[0]) ? signs[0] : NaN;
    }
    case 'product': {
      let result = 1;
      for (const factor of e.factors) {
        const sign = infiniteSign(factor, budget) ?? signOf(factor, budget);
        result *= sign === 0 ? NaN : sign;
      }
      return result;
    }
    default:
      // A series that runs to infinity, a limit: not an infinity as such.
      return e.kind === 'series' || e.kind === 'opaque' ? undefined : NaN;
  }
}

function signOf(e: Expression, budget: Budget): number {
  const value = exactValue(e, budget);
  return value === undefined ? NaN : value.n > 0n ? 1 : value.n < 0n ? -1 : 0;
}

/** A constant that is no number. */
export function isUnbounded(e: Expression): boolean {
  return (
    e.kind === 'constant' &&
    (e.name === 'infinity' || e.name === 'complex-infinity' || e.name === 'undefined')
  );
}
