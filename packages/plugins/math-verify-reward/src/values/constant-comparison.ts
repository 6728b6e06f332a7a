import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { signOfBall } from './ball.js';
import { type ComplexBall, isReal } from './complex-ball.js';
import { exactValue } from './exact-value.js';
import { agreement, sampled } from './samples.js';

/** Precisions in bits, tried in turn until the enclosures are apart. */
const PRECISIONS = [64, 192, 512] as const;
const NO_SYMBOLS: ReadonlyMap<string, ComplexBall> = new Map();

/** `different` is proven; `same` says that no precision told the two apart; nothing where a value is missing. */
export function compareConstants(
  a: Expression,
  b: Expression,
  budget: Budget,
): 'same' | 'different' | undefined {
  let seen = false;
  for (const bits of PRECISIONS) {
    const left = sampled(a, NO_SYMBOLS, bits, budget, false);
    const right = left && sampled(b, NO_SYMBOLS, bits, budget, false);
    if (left === undefined || right === undefined) continue;
    seen = true;
    const verdict = agreement(left, right, bits - 112, true);
    if (verdict === 'differ') return 'different';
    if (bits === 512 && verdict === 'agree') return 'same';
  }
  return seen ? undefined : compareLogarithms(a, b, budget, 3);
}

/** Numbers too large to be computed with are told apart by their logarithms. */
function compareLogarithms(
  a: Expression,
  b: Expression,
  budget: Budget,
  levels: number,
): 'different' | undefined {
  if (levels === 0) return undefined;
  const left = logarithmOf(a, budget);
  const right = logarithmOf(b, budget);
  if (left === undefined || right === undefined) return undefined;
  const [x, y] = [
    sampled(left, NO_SYMBOLS, 192, budget, false),
    sampled(right, NO_SYMBOLS, 192, budget, false),
  ];
  if (x !== undefined && y !== undefined)
    return agreement(x, y, 80, true) === 'differ' ? 'different' : undefined;
  return compareLogarithms(left, right, budget, levels - 1);
}

/** ln of a number above zero, of a power without computing it. */
function logarithmOf(e: Expression, budget: Budget): Expression | undefined {
  if (e.kind === 'power') {
    const base = logarithmOf(e.base, budget);
    return base && { kind: 'product', factors: [e.exponent, base] };
  }
  if (e.kind === 'product') {
    const terms: Expression[] = [];
    for (const factor of e.factors) {
      const term = logarithmOf(factor, budget);
      if (term === undefined) return undefined;
      terms.push(term);
    }
    return { kind: 'sum', terms };
  }
  const value = exactValue(e, budget);
  if (value !== undefined) return value.n > 0n ? { kind: 'call', name: 'ln', args: [e] } : undefined;
  const near = sampled(e, NO_SYMBOLS, 64, budget, false)?.value;
  return near && isReal(near) && signOfBall(near.re) === 1
    ? { kind: 'call', name: 'ln', args: [e] }
    : undefined;
}
