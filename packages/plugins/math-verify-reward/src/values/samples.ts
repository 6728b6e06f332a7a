import type { Expression } from '../answer/expression.js';
import { isWholeNumber, someExpression } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { magnitude, radiusMagnitude } from './ball.js';
import { apartComplex, type ComplexBall } from './complex-ball.js';
import { evaluateForm, evaluation } from './evaluate.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import { POINT_KINDS, type PointKind, randomPoint, wholeSymbols } from './random-points.js';

/** Precisions in bits at which a point is looked at, until both sides are known well enough. */
const POINT_PRECISIONS = [128, 448] as const;
/** Points at which two functions must agree. */
const ENOUGH = 8;
/** With so few, they agree nowhere that matters. */
const AT_LEAST = 3;

export type SampleVerdict = 'same' | 'different' | 'too-few';

/** A value with the size of the largest term it was made of. */
interface Sampled {
  readonly value: ComplexBall;
  readonly largest: number;
}

/** Whether a pair of values agrees, as far as one precision tells. */
type Agreement = 'agree' | 'differ' | 'unclear';

/**
 * How two values compare. They agree where they overlap and are known to within 2^-`margin` of their size, or of the
 * largest term that went into them.
 */
export function agreement(a: Sampled, b: Sampled, margin: number, cancelled: boolean): Agreement {
  if (apartComplex(a.value, b.value)) return 'differ';
  const largest = Math.max(a.largest, b.largest);
  const size = Math.max(sizeOf(a.value), sizeOf(b.value));
  const radius = Math.max(radiusOf(a.value), radiusOf(b.value));
  if (radius === -Infinity || radius <= size - margin) return 'agree';
  return cancelled && radius <= largest - margin ? 'agree' : 'unclear';
}

function sizeOf(a: ComplexBall): number {
  return Math.max(magnitude(a.re), magnitude(a.im));
}

function radiusOf(a: ComplexBall): number {
  return Math.max(radiusMagnitude(a.re), radiusMagnitude(a.im));
}

export function sampled(
  e: Expression,
  point: ReadonlyMap<string, ComplexBall>,
  bits: number,
  budget: Budget,
  real: boolean,
): Sampled | undefined {
  const at = evaluation(point, bits, budget, real);
  const value = evaluateForm(e, at);
  return value && { value, largest: Math.max(at.largest, sizeOf(value)) };
}

/** Two functions of their free symbols at seeded random points. */
export function compareAtPoints(a: Expression, b: Expression, budget: Budget): SampleVerdict {
  budget.spend(4 * (sizeOfTree(a) + sizeOfTree(b)));
  const symbols = new Set([...freeSymbols(a), ...freeSymbols(b)]);
  const whole = new Set([...wholeSymbols(a), ...wholeSymbols(b)]);
  const real = !isComplex(a) && !isComplex(b);
  let agreed = 0;
  let zeros = 0;
  const look = (index: number, kind: PointKind, asReal: boolean): boolean => {
    const verdict = compareAt(a, b, randomPoint(symbols, whole, index, kind), budget, asReal);
    if (verdict === 'agree') agreed += 1;
    if (verdict === 'zeros') zeros += 1;
    return verdict !== 'differ';
  };
  for (const [index, kind] of POINT_KINDS.entries()) {
    if (!look(index, kind, real)) return 'different';
    if (agreed >= ENOUGH) return 'same';
  }
  if (agreed >= AT_LEAST) return 'same';
  if (zeros >= AT_LEAST && (isWholeNumber(a, 0n) || isWholeNumber(b, 0n))) return 'same';
  agreed = 0;
  for (let index = 0; index < ENOUGH; index += 1) {
    if (!look(100 + index, 'complex', false)) return 'different';
  }
  return agreed >= AT_LEAST ? 'same' : 'too-few';
}

function compareAt(
  a: Expression,
  b: Expression,
  point: ReadonlyMap<string, ComplexBall>,
  budget: Budget,
  real: boolean,
): Agreement | 'zeros' {
  for (const [round, bits] of POINT_PRECISIONS.entries()) {
    const left = sampled(a, point, bits, budget, real);
    if (left === undefined) return 'unclear';
    const right = sampled(b, point, bits, budget, real);
    if (right === undefined) return 'unclear';
    // Two exact zeros say little: C(n, 900) and C(n, 901) at small n.
    if (sizeOf(left.value) === -Infinity && sizeOf(right.value) === -Infinity) return 'zeros';
    const verdict = agreement(left, right, bits - 56, round > 0);
    if (verdict !== 'unclear') return verdict;
  }
  return 'unclear';
}

const COMPLEX_FUNCTIONS = new Set(['re', 'im', 'arg', 'conjugate']);

/** Whether complex numbers are meant. */
export function isComplex(e: Expression): boolean {
  return someExpression(
    e,
    (part) =>
      (part.kind === 'constant' && part.name === 'i') ||
      (part.kind === 'call' && COMPLEX_FUNCTIONS.has(part.name)),
  );
}
