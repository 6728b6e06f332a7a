import { bitLength } from './ball.js';

/** A fraction in lowest terms; `d` is positive. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Rational = { n: 0n, d: 1n };
export const ONE: Rational = { n: 1n, d: 1n };

/** @param d - not zero */
export function rational(n: bigint, d = 1n): Rational {
  if (d === 1n) return { n, d };
  const divisor = d < 0n ? -gcd(n, d) : gcd(n, d);
  return { n: n / divisor, d: d / divisor };
}

const SAFE = 0x20000000000000n;

/** Greatest common divisor, not negative. */
export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  if (x < y) [x, y] = [y, x];
  while (y >= SAFE) [x, y] = [y, x % y];
  if (y === 0n) return x;
  let [p, q] = [Number(y), Number(x % y)];
  while (q !== 0) [p, q] = [q, p % q];
  return BigInt(p);
}

/** Takes out common factors of the denominators first: cheap where one of the fractions is small. */
export function add(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n + b.n, d: 1n };
  const common = gcd(a.d, b.d);
  if (common === 1n) return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
  const rest = a.d / common;
  const n = a.n * (b.d / common) + b.n * rest;
  const more = gcd(n, common);
  return { n: n / more, d: rest * (b.d / more) };
}

/** Takes out common factors crosswise: cheap where one of the fractions is small. */
export function multiply(a: Rational, b: Rational): Rational {
  if (a.d === 1n && b.d === 1n) return { n: a.n * b.n, d: 1n };
  const left = gcd(a.n, b.d);
  const right = gcd(b.n, a.d);
  if (left === 1n && right === 1n) return { n: a.n * b.n, d: a.d * b.d };
  return { n: (a.n / left) * (b.n / right), d: (a.d / right) * (b.d / left) };
}

export function negate(a: Rational): Rational {
  return { n: -a.n, d: a.d };
}

/** @param a - not zero */
export function invert(a: Rational): Rational {
  return a.n < 0n ? { n: -a.d, d: -a.n } : { n: a.d, d: a.n };
}

export function sameRational(a: Rational, b: Rational): boolean {
  return a.n === b.n && a.d === b.d;
}

/** Negative, zero or positive as a < b, a = b, a > b. */
export function compareRationals(a: Rational, b: Rational): number {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isInteger(a: Rational): boolean {
  return a.d === 1n;
}

/** Largest integer not above `a`. */
export function floorOf(a: Rational): bigint {
  const quotient = a.n / a.d;
  return a.n < 0n && quotient * a.d !== a.n ? quotient - 1n : quotient;
}

/** @param b - not zero */
export function divide(a: Rational, b: Rational): Rational {
  return multiply(a, invert(b));
}

/** Bits of the longer of numerator and denominator; at most one too many. */
export function bitsOf(a: Rational): number {
  return Math.max(bitLength(a.n), a.d === 1n ? 0 : bitLength(a.d));
}
