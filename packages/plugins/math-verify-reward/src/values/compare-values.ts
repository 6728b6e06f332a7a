import { integer } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { sameTree } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { compareCanonically } from './canonical-comparison.js';
import { compareConstants } from './constant-comparison.js';
import { exactValue } from './exact-value.js';
import { freeSymbols } from './free-symbols.js';
import { infiniteSign } from './infinity.js';
import { sameRational } from './rational.js';
import { compareAtPoints } from './samples.js';
import { scalarForm } from './scalar-form.js';

/** Whether two scalars are equal, and by what it was seen; `reason` says why it could not be. */
export type ValueComparison =
  | { readonly same: true; readonly by: 'exact' | 'samples' }
  | { readonly same: false; readonly by: 'exact' | 'bounds' | 'samples' }
  | { readonly same: undefined; readonly reason: string };

/**
 * Compares two scalars as numbers, or as functions of their free symbols: exactly, by canonical forms; constants that
 * these leave open by enclosures of rising precision; functions at seeded random points.
 */
export function compareValues(a: Expression, b: Expression, budget: Budget): ValueComparison {
  if (a.kind === 'number' && b.kind === 'number')
    return { same: sameRational(a.value, b.value), by: 'exact' };
  const left = scalarForm(a, budget);
  const right = scalarForm(b, budget);
  if (left === undefined || right === undefined) return { same: undefined, reason: 'not a scalar' };
  const infinite = [infiniteSign(left, budget), infiniteSign(right, budget)];
  if (infinite[0] !== undefined || infinite[1] !== undefined) return compareInfinite(infinite, left, right);

  const [p, q] = [exactValue(left, budget), exactValue(right, budget)];
  if (p !== undefined && q !== undefined) return { same: sameRational(p, q), by: 'exact' };
  if (sameTree(left, right)) return { same: true, by: 'exact' };

  const verdict = compareCanonically(left, right, budget);
  if (verdict === 'same' || verdict === 'different') return { same: verdict === 'same', by: 'exact' };
  if (verdict === 'no-value') return { same: undefined, reason: 'a side has no value' };

  if (freeSymbols(left).size === 0 && freeSymbols(right).size === 0) {
    const found = compareConstants(left, right, budget);
    if (found === undefined) return { same: undefined, reason: 'the values are not known precisely enough' };
    return found === 'same' ? { same: true, by: 'samples' } : { same: false, by: 'bounds' };
  }
  const sampled = compareAtPoints(left, right, budget);
  if (sampled === 'too-few')
    return { same: undefined, reason: 'too few points where both sides have a value' };
  return { same: sampled === 'same', by: 'samples' };
}

/** Whether a scalar has no value: `0/0`, `\infty - \infty`. False where that is not known. */
export function isUndefined(e: Expression, budget: Budget): boolean {
  const form = scalarForm(e, budget);
  if (form === undefined) return false;
  const infinite = infiniteSign(form, budget);
  if (infinite !== undefined) return Number.isNaN(infinite);
  return (
    exactValue(form, budget) === undefined && compareCanonically(form, integer(0), budget) === 'no-value'
  );
}

function compareInfinite(
  signs: readonly (number | undefined)[],
  a: Expression,
  b: Expression,
): ValueComparison {
  const [x, y] = signs;
  if (x !== undefined && y !== undefined) {
    if (Number.isNaN(x) || Number.isNaN(y))
      return sameTree(a, b)
        ? { same: true, by: 'exact' }
        : { same: undefined, reason: 'a side has no value' };
    return { same: x === y, by: 'exact' };
  }
  return Number.isNaN(x ?? y)
    ? { same: undefined, reason: 'a side has no value' }
    : { same: false, by: 'exact' };
}
