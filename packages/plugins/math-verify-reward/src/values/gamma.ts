import type { Budget } from '../budget.js';
import {
  addBalls,
  type Ball,
  ballOf,
  divideBalls,
  integerIn,
  magnitude,
  multiplyBalls,
  negateBall,
  ONE_BALL,
  signOfBall,
  subtractBalls,
  widen,
  ZERO_BALL,
} from './ball.js';
import { cosSinBall, expBall, lnBall, piBall } from './elementary.js';
import { type Rational, rational } from './rational.js';

/** Terms of Stirling's series that are at hand. */
const MOST_TERMS = 64;

/**
 * Bernoulli numbers B_2, B_4, ... from the tangent numbers T_n, which need additions of integers alone:
 * B_2n = (-1)^(n-1) 2n T_n / (4^n (4^n - 1)).
 */
function bernoulliNumbers(): readonly Rational[] {
  const tangent: bigint[] = [0n, 1n];
  const of = (n: number): bigint => tangent[n] ?? 0n;
  for (let k = 2; k <= MOST_TERMS; k += 1) tangent[k] = BigInt(k - 1) * of(k - 1);
  for (let k = 2; k <= MOST_TERMS; k += 1)
    for (let j = k; j <= MOST_TERMS; j += 1)
      tangent[j] = BigInt(j - k) * of(j - 1) + BigInt(j - k + 2) * of(j);
  return Array.from({ length: MOST_TERMS }, (_, index) => {
    const four = 1n << BigInt(2 * index + 2);
    const n = BigInt(2 * index + 2) * of(index + 1);
    return rational(index % 2 === 0 ? n : -n, four * (four - 1n));
  });
}

let bernoulli: readonly Rational[] | undefined;

/**
 * Gamma of a real number: moved up until it is large, then Stirling's series for ln Gamma, whose error is less than its
 * first term left out; below 1/2 by reflection. Nothing at the poles and where the argument is too large.
 */
export function gammaBall(x: Ball, bits: number, budget: Budget): Ball | undefined {
  if (integerIn(x) !== undefined && (integerIn(x) ?? 1n) <= 0n) return undefined;
  const sign = signOfBall(subtractBalls(x, { m: 1n, e: -1, r: 0 }, bits));
  if (magnitude(x) > 43) return undefined;
  if (sign === -1) {
    if (magnitude(x) > 10) return undefined;
    // Gamma(x) Gamma(1 - x) = pi / sin(pi x)
    const other = gammaBall(subtractBalls(ONE_BALL, x, bits + 8), bits + 8, budget);
    const sine = cosSinBall(multiplyBalls(piBall(bits + 16), x, bits + 8), bits + 8)?.[1];
    return other && sine && divideBalls(piBall(bits + 8), multiplyBalls(other, sine, bits + 8), bits);
  }
  const work = bits + 16 + 2 * Math.max(0, magnitude(x));
  const least = Math.ceil(work / 2);
  let shifted = x;
  let factor = ONE_BALL;
  while (
    magnitude(shifted) < 64 &&
    signOfBall(subtractBalls(shifted, { m: BigInt(least), e: 0, r: 0 }, work)) !== 1
  ) {
    budget.spend(3 * (2 + work / 64));
    factor = multiplyBalls(factor, shifted, work);
    shifted = addBalls(shifted, ONE_BALL, work);
  }
  const ln = lnGamma(shifted, work, budget);
  const value = ln && expBall(ln, work);
  return value && divideBalls(value, factor, bits);
}

function lnGamma(x: Ball, bits: number, budget: Budget): Ball | undefined {
  budget.spend(150 * (2 + bits / 64));
  const ln = lnBall(x, bits);
  const twoPi = { ...piBall(bits), e: -bits + 1 };
  const root = lnBall(twoPi, bits);
  const inverse = divideBalls(ONE_BALL, x, bits);
  if (ln === undefined || root === undefined || inverse === undefined) return undefined;
  const square = multiplyBalls(inverse, inverse, bits);
  let sum = subtractBalls(multiplyBalls(subtractBalls(x, { m: 1n, e: -1, r: 0 }, bits), ln, bits), x, bits);
  sum = addBalls(sum, { ...root, e: root.e - 1 }, bits);
  let power = inverse;
  bernoulli ??= bernoulliNumbers();
  for (const [index, b] of bernoulli.entries()) {
    budget.spend(4 * (2 + bits / 64));
    const k = BigInt(2 * index + 2);
    const term = multiplyBalls(ballOf({ n: b.n, d: b.d * k * (k - 1n) }, bits), power, bits);
    if (magnitude(term) < -bits) return widen(sum, magnitude(term), bits);
    sum = addBalls(sum, term, bits);
    power = multiplyBalls(power, square, bits);
  }
  return undefined;
}

/** x (x-1) ... (x-k+1) / k! */
export function binomialBall(x: Ball, k: bigint, bits: number, budget: Budget): Ball | undefined {
  if (k < 0n) return ZERO_BALL;
  if (k > 1000n) return undefined;
  let result: Ball | undefined = ONE_BALL;
  for (let j = 0n; j < k && result !== undefined; j += 1n) {
    budget.spend(4 * (2 + bits / 64));
    const factor = addBalls(x, negateBall({ m: j, e: 0, r: 0 }), bits + 8);
    result = divideBalls(multiplyBalls(result, factor, bits + 8), { m: j + 1n, e: 0, r: 0 }, bits + 8);
  }
  return result;
}
