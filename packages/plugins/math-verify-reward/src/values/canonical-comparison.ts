import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { canonical } from './canonical.js';
import type { Fraction } from './generator.js';
import { Ring } from './ring.js';
import { TooLarge } from './too-large.js';

/** Both sides over one ring; nothing where that grows too large, `undefined` for a side without a value. */
export function canonicalPair(
  a: Expression,
  b: Expression,
  budget: Budget,
):
  | { readonly ring: Ring; readonly left: Fraction | undefined; readonly right: Fraction | undefined }
  | undefined {
  const ring = new Ring(budget);
  return unlessTooLarge(() => ({ ring, left: canonical(a, ring), right: canonical(b, ring) }));
}

export function unlessTooLarge<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Equality as far as canonical forms tell. */
export function compareCanonically(
  a: Expression,
  b: Expression,
  budget: Budget,
): 'same' | 'different' | 'no-value' | undefined {
  const pair = canonicalPair(a, b, budget);
  if (pair === undefined) return undefined;
  const { ring, left, right } = pair;
  if (left === undefined || right === undefined) return 'no-value';
  return unlessTooLarge(() => {
    const rest = ring.crossDifference(left, right);
    if (rest.size === 0) return 'same';
    const cleared = ring.reduce(ring.clear(rest, ({ relation }) => relation !== undefined));
    if (cleared.size === 0) return 'same';
    return ring.independent(cleared) ? 'different' : undefined;
  });
}
