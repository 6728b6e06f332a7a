import type { Rational } from './rational.js';

/**
 * A real number known to lie within [m - r, m + r] * 2^e. Every operation rounds outward, so that the ball of a result
 * holds the true value whenever the balls of the operands held theirs. `r` is an integer of at most 2^41, `m` has at most
 * 900 bits: both fit a double.
 */
export interface Ball {
  readonly m: bigint;
  readonly e: number;
  readonly r: number;
}

export const ZERO_BALL: Ball = { m: 0n, e: 0, r: 0 };
export const ONE_BALL: Ball = { m: 1n, e: 0, r: 0 };

/** Relative slack that covers the rounding of a few double operations on radii. */
const SLACK = 1 + 2 ** -46;
/** Beyond this size of exponent a number is not computed with. */
export const EXPONENT_LIMIT = 2 ** 45;

const double = new DataView(new ArrayBuffer(8));

/** Smallest k with x < 2^k, for finite x > 0. */
function exponentOf(x: number): number {
  double.setFloat64(0, x);
  return ((double.getUint16(0) >>> 4) & 0x7ff) - 1022;
}

/** Bits of |n|; at most one too many. */
export function bitLength(n: bigint): number {
  const x = Number(n < 0n ? -n : n);
  if (x === 0) return 0;
  return x < Infinity ? exponentOf(x) : 4 * (n < 0n ? -n : n).toString(16).length;
}

/** x * 2^k without overflow on the way. */
export function scale(x: number, k: number): number {
  const half = Math.trunc(k / 2);
  return x * 2 ** half * 2 ** (k - half);
}

/** Shift to the left, or to the right (rounding down) where k is negative. */
export function shift(m: bigint, k: number): bigint {
  return k >= 0 ? m << BigInt(k) : m >> BigInt(-k);
}

/** The ball with its mantissa cut to about `bits` bits, and to fewer where the radius is larger than that tells. */
export function ball(m: bigint, e: number, r: number, bits: number): Ball {
  let excess = bitLength(m) - bits;
  if (r > 0x10000000000) excess = Math.max(excess, exponentOf(r) - 20);
  if (excess <= 0) return { m, e, r };
  const cut = m >> BigInt(excess);
  if (r === 0 && cut << BigInt(excess) === m) return { m: cut, e: e + excess, r: 0 };
  return { m: cut, e: e + excess, r: Math.ceil(scale(r, -excess) * SLACK) + 1 };
}

export function ballOf(value: Rational, bits: number): Ball {
  if (value.d === 1n) return ball(value.n, 0, 0, bits);
  const up = Math.max(0, bits + 2 + bitLength(value.d) - bitLength(value.n));
  const n = value.n << BigInt(up);
  const m = n / value.d;
  return ball(m, -up, m * value.d === n ? 0 : 1, bits);
}

export function negateBall(a: Ball): Ball {
  return { m: -a.m, e: a.e, r: a.r };
}

export function addBalls(a: Ball, b: Ball, bits: number): Ball {
  if (a.m === 0n && a.r === 0) return b;
  if (b.m === 0n && b.r === 0) return a;
  if (a.e === b.e) return ball(a.m + b.m, a.e, a.r + b.r, bits);
  const [high, low] = a.e > b.e ? [a, b] : [b, a];
  const gap = high.e - low.e;
  const highLength = bitLength(high.m);
  // All of `low` lies below the last bit that is kept of `high`.
  const below = high.e + highLength - bits - 8 - magnitude(low);
  if (high.m !== 0n && below > 0) {
    const up = Math.max(0, bits - highLength);
    return ball(high.m << BigInt(up), high.e - up, scale(high.r, up) + 1, bits);
  }
  if (high.r > 0 && gap > 60) {
    const cut = gap - 60;
    return ball(
      (high.m << 60n) + shift(low.m, -cut),
      high.e - 60,
      high.r * 2 ** 60 + Math.ceil(scale(low.r, -cut)) + 1,
      bits,
    );
  }
  return ball((high.m << BigInt(gap)) + low.m, low.e, scale(high.r, gap) + low.r, bits);
}

export function subtractBalls(a: Ball, b: Ball, bits: number): Ball {
  return addBalls(a, negateBall(b), bits);
}

export function multiplyBalls(a: Ball, b: Ball, bits: number): Ball {
  if (a.r === 0 && b.r === 0) return ball(a.m * b.m, a.e + b.e, 0, bits);
  const r = Math.abs(Number(a.m)) * b.r + Math.abs(Number(b.m)) * a.r + a.r * b.r;
  return ball(a.m * b.m, a.e + b.e, Math.ceil(r * SLACK), bits);
}

/** a / b, or nothing where b may be zero. */
export function divideBalls(a: Ball, b: Ball, bits: number): Ball | undefined {
  const size = Math.abs(Number(b.m));
  const least = size - b.r;
  if (!(least > 0)) return undefined;
  if (a.m === 0n && a.r === 0) return a;
  const up = Math.max(0, bits + 2 + bitLength(b.m) - bitLength(a.m));
  const n = a.m << BigInt(up);
  const q = n / b.m;
  if (a.r === 0 && b.r === 0) return ball(q, a.e - b.e - up, q * b.m === n ? 0 : 1, bits);
  const error = ((Math.abs(Number(a.m)) / size) * b.r + a.r) / least;
  return ball(q, a.e - b.e - up, Math.ceil(scale(error, up) * SLACK) + 1, bits);
}

/** Largest integer whose square is at most n, for n >= 0. */
export function integerRoot(n: bigint): bigint {
  if (n < 0x10000000000000n) return BigInt(Math.floor(Math.sqrt(Number(n))));
  const length = bitLength(n);
  const down = Math.max(0, Math.ceil((length - 104) / 2));
  const start = Math.sqrt(Number(n >> BigInt(2 * down)));
  let y = (BigInt(Math.ceil(start)) + 2n) << BigInt(down);
  if (start > 2 ** 50) y += y >> 50n;
  for (;;) {
    const next = (y + n / y) >> 1n;
    if (next >= y) return y;
    y = next;
  }
}

/** Square root of a ball above zero; nothing where it may reach zero. */
export function rootOfBall(a: Ball, bits: number): Ball | undefined {
  if (a.m === 0n && a.r === 0) return a;
  if (!(Number(a.m) > a.r)) return undefined;
  let up = Math.max(0, 2 * bits + 2 - bitLength(a.m));
  if ((a.e - up) % 2 !== 0) up += 1;
  const n = a.m << BigInt(up);
  const root = integerRoot(n);
  const e = (a.e - up) / 2;
  if (a.r === 0) return ball(root, e, root * root === n ? 0 : 1, bits);
  const error = scale(a.r / Math.sqrt(Number(a.m)), up / 2);
  return ball(root, e, Math.ceil(error * SLACK) + 1, bits);
}

/** a^n for n >= 1 by squaring. */
export function powerOfBall(a: Ball, n: bigint, bits: number): Ball | undefined {
  const work = bits + bitLength(n) + 4;
  let result: Ball | undefined;
  let square = a;
  for (let rest = n; ; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = result === undefined ? square : multiplyBalls(result, square, work);
    if (rest === 1n) break;
    square = multiplyBalls(square, square, work);
    if (Math.abs(square.e) > EXPONENT_LIMIT) return undefined;
  }
  return result === undefined || Math.abs(result.e) > EXPONENT_LIMIT
    ? undefined
    : ball(result.m, result.e, result.r, bits);
}

/** -1, 1, 0 for an exact zero, nothing where the ball does not tell. */
export function signOfBall(a: Ball): -1 | 0 | 1 | undefined {
  if (a.m === 0n && a.r === 0) return 0;
  const m = Number(a.m);
  return m > a.r ? 1 : m < -a.r ? -1 : undefined;
}

export function holdsZero(a: Ball): boolean {
  return Math.abs(Number(a.m)) <= a.r;
}

/** No number lies in both. */
export function apart(a: Ball, b: Ball): boolean {
  const top = Math.max(bitLength(a.m), bitLength(b.m), 64);
  return !holdsZero(subtractBalls(a, b, 2 * top + 64));
}

/** A k with |x| <= 2^k for every x in the ball; -Infinity for an exact zero. */
export function magnitude(a: Ball): number {
  const length = bitLength(a.m);
  if (a.r === 0) return length === 0 ? -Infinity : a.e + length;
  return a.e + Math.max(length, exponentOf(a.r)) + 1;
}

/** A k with r * 2^e <= 2^k. -Infinity for an exact number. */
export function radiusMagnitude(a: Ball): number {
  return a.r === 0 ? -Infinity : a.e + exponentOf(a.r);
}

/** The ball widened by 2^k. */
export function widen(a: Ball, k: number, bits: number): Ball {
  return addBalls(a, { m: 0n, e: k, r: 1 }, bits);
}

/** The middle, to the nearest double or so. */
export function middle(a: Ball): number {
  const down = Math.max(0, bitLength(a.m) - 64);
  return scale(Number(a.m >> BigInt(down)), Math.max(-3000, Math.min(3000, a.e + down)));
}

/** The largest integer not above the numbers in the ball, where they agree on it. */
export function floorOfBall(a: Ball): bigint | undefined {
  if (magnitude(a) > 4096) return undefined;
  const r = BigInt(a.r);
  const low = shift(a.m - r, a.e);
  return low === shift(a.m + r, a.e) ? low : undefined;
}

/** The one integer in the ball, where it holds one and is much narrower than one. */
export function integerIn(a: Ball): bigint | undefined {
  if (magnitude(a) > 4096 || radiusMagnitude(a) > -20) return undefined;
  const n =
    a.e >= 0 ? a.m << BigInt(a.e) : a.e < -8192 ? 0n : (a.m + (1n << BigInt(-a.e - 1))) >> BigInt(-a.e);
  return holdsZero(subtractBalls(a, { m: n, e: 0, r: 0 }, 8192)) ? n : undefined;
}
