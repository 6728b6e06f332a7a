import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { compareRationals } from '../../values/rational.js';
import { approximate, realValue } from './numeric.js';
import { sameStructure } from './structure.js';

const NOTHING_BOUND = new Map<string, never>();

/** A real constant in double precision, infinities included; undefined for anything else. */
export function constantValue(e: Expression, budget: Budget): number | undefined {
  return realValue(approximate(e, NOTHING_BOUND, budget));
}

/** Sign of a - b for real constants; undefined where that is not known. */
export function order(a: Expression, b: Expression, budget: Budget): number | undefined {
  if (a.kind === 'number' && b.kind === 'number') return compareRationals(a.value, b.value);
  if (sameStructure(a, b, budget)) return 0;
  const [x, y] = [constantValue(a, budget), constantValue(b, budget)];
  if (x === undefined || y === undefined) return undefined;
  if (x === y || (Number.isFinite(x - y) && Math.abs(x - y) <= 1e-13 * Math.max(Math.abs(x), Math.abs(y))))
    return 0;
  return x < y ? -1 : 1;
}
