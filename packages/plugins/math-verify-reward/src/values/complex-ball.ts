import {
  addBalls,
  apart,
  type Ball,
  ballOf,
  divideBalls,
  EXPONENT_LIMIT,
  magnitude,
  multiplyBalls,
  negateBall,
  ONE_BALL,
  powerOfBall,
  radiusMagnitude,
  rootOfBall,
  signOfBall,
  subtractBalls,
  ZERO_BALL,
} from './ball.js';
import { angleOf, cosSinBall, expBall, lnBall, rootFromZero } from './elementary.js';
import type { Rational } from './rational.js';

/** A complex number known to within a rectangle. A real one has an imaginary part that is exactly zero. */
export interface ComplexBall {
  readonly re: Ball;
  readonly im: Ball;
}

export function realBall(re: Ball): ComplexBall {
  return { re, im: ZERO_BALL };
}

export const COMPLEX_ZERO = realBall(ZERO_BALL);
export const COMPLEX_ONE = realBall(ONE_BALL);
export const IMAGINARY_UNIT: ComplexBall = { re: ZERO_BALL, im: ONE_BALL };

export function complexOf(value: Rational, bits: number): ComplexBall {
  return realBall(ballOf(value, bits));
}

export function isExactZero(a: Ball): boolean {
  return a.m === 0n && a.r === 0;
}

/** Known to be real. */
export function isReal(a: ComplexBall): boolean {
  return isExactZero(a.im);
}

export function addComplex(a: ComplexBall, b: ComplexBall, bits: number): ComplexBall {
  return { re: addBalls(a.re, b.re, bits), im: addBalls(a.im, b.im, bits) };
}

export function negateComplex(a: ComplexBall): ComplexBall {
  return { re: negateBall(a.re), im: negateBall(a.im) };
}

export function subtractComplex(a: ComplexBall, b: ComplexBall, bits: number): ComplexBall {
  return addComplex(a, negateComplex(b), bits);
}

export function multiplyComplex(a: ComplexBall, b: ComplexBall, bits: number): ComplexBall {
  if (isReal(a) && isReal(b)) return realBall(multiplyBalls(a.re, b.re, bits));
  const real = subtractBalls(multiplyBalls(a.re, b.re, bits), multiplyBalls(a.im, b.im, bits), bits);
  return { re: real, im: addBalls(multiplyBalls(a.re, b.im, bits), multiplyBalls(a.im, b.re, bits), bits) };
}

/** |z|^2 */
export function normOfComplex(a: ComplexBall, bits: number): Ball {
  return addBalls(multiplyBalls(a.re, a.re, bits), multiplyBalls(a.im, a.im, bits), bits);
}

/** |z| */
export function absoluteComplex(a: ComplexBall, bits: number): Ball | undefined {
  if (isReal(a) || isExactZero(a.re)) {
    const part = isReal(a) ? a.re : a.im;
    const sign = signOfBall(part);
    if (sign !== undefined) return sign < 0 ? negateBall(part) : part;
  }
  return rootFromZero(normOfComplex(a, bits + 4), bits);
}

/** 1 / z, or nothing where z may be zero. */
export function invertComplex(a: ComplexBall, bits: number): ComplexBall | undefined {
  if (isReal(a)) {
    const inverse = divideBalls(ONE_BALL, a.re, bits);
    return inverse && realBall(inverse);
  }
  const norm = normOfComplex(a, bits + 4);
  const re = divideBalls(a.re, norm, bits);
  const im = divideBalls(negateBall(a.im), norm, bits);
  return re && im && { re, im };
}

export function divideComplex(a: ComplexBall, b: ComplexBall, bits: number): ComplexBall | undefined {
  if (isReal(a) && isReal(b)) {
    const quotient = divideBalls(a.re, b.re, bits);
    return quotient && realBall(quotient);
  }
  const inverse = invertComplex(b, bits + 4);
  return inverse && multiplyComplex(a, inverse, bits);
}

/** Principal square root; nothing where the branch is not decided. */
export function rootOfComplex(a: ComplexBall, bits: number): ComplexBall | undefined {
  if (isReal(a)) {
    const sign = signOfBall(a.re);
    if (sign === undefined) {
      const bound = rootFromZero(a.re, bits);
      return bound && { re: bound, im: bound };
    }
    const root = rootOfBall(sign < 0 ? negateBall(a.re) : a.re, bits);
    return root && (sign < 0 ? { re: ZERO_BALL, im: root } : realBall(root));
  }
  const size = absoluteComplex(a, bits + 8);
  const side = signOfBall(a.im);
  if (size === undefined) return undefined;
  if (signOfBall(a.re) === -1) {
    if (side === undefined) return undefined;
    const im = rootOfBall(halve(subtractBalls(size, a.re, bits + 8)), bits + 8);
    const re = im && divideBalls(halve(side < 0 ? negateBall(a.im) : a.im), im, bits);
    return re && im && { re, im: side < 0 ? negateBall(im) : im };
  }
  const re = rootOfBall(halve(addBalls(size, a.re, bits + 8)), bits + 8);
  const im = re && divideBalls(halve(a.im), re, bits);
  return re && im && { re, im };
}

function halve(a: Ball): Ball {
  return { ...a, e: a.e - 1 };
}

export function expComplex(a: ComplexBall, bits: number): ComplexBall | undefined {
  const size = expBall(a.re, bits);
  if (size === undefined) return undefined;
  if (isReal(a)) return realBall(size);
  const turned = cosSinBall(a.im, bits);
  return turned && { re: multiplyBalls(size, turned[0], bits), im: multiplyBalls(size, turned[1], bits) };
}

/** Principal logarithm; nothing at zero and where the branch is not decided. */
export function lnComplex(a: ComplexBall, bits: number): ComplexBall | undefined {
  const angle = angleOf(a.im, a.re, bits);
  if (angle === undefined) return undefined;
  if (isReal(a)) {
    const re = lnBall(signOfBall(a.re) === -1 ? negateBall(a.re) : a.re, bits);
    return re && { re, im: angle };
  }
  const re = lnBall(normOfComplex(a, bits + 8), bits);
  return re && { re: halve(re), im: angle };
}

/** z^n for an integer n. */
export function integerPowerOfComplex(a: ComplexBall, n: bigint, bits: number): ComplexBall | undefined {
  if (n === 0n) return COMPLEX_ONE;
  if (n < 0n) {
    const positive = integerPowerOfComplex(a, -n, bits + 4);
    return positive && invertComplex(positive, bits);
  }
  if (isReal(a)) {
    const power = powerOfBall(a.re, n, bits);
    return power && realBall(power);
  }
  if (n > 4096n) return powerOfComplex(a, complexOf({ n, d: 1n }, bits), bits);
  let result = COMPLEX_ONE;
  let square = a;
  for (let rest = n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiplyComplex(result, square, bits + 16);
    square = multiplyComplex(square, square, bits + 16);
    if (Math.max(Math.abs(square.re.e), Math.abs(square.im.e)) > EXPONENT_LIMIT) return undefined;
  }
  return result;
}

/** Principal value of z^w = exp(w ln z); nothing for a power of zero other than a positive one. */
export function powerOfComplex(z: ComplexBall, w: ComplexBall, bits: number): ComplexBall | undefined {
  const positive = isReal(w) && signOfBall(w.re) === 1;
  if (isReal(z) && positive) {
    const sign = signOfBall(z.re);
    if (sign === 0) return COMPLEX_ZERO;
    if (sign === undefined) return smallPower(z.re, w.re);
  }
  const extra = Math.max(0, Math.min(64, Math.max(magnitude(w.re), magnitude(w.im)))) + 8;
  const ln = lnComplex(z, bits + extra);
  return ln && expComplex(multiplyComplex(w, ln, bits + extra), bits);
}

/** All that a positive power of a number near zero may be. */
function smallPower(z: Ball, w: Ball): ComplexBall | undefined {
  const size = magnitude(z);
  // The least exponent, cut to a fraction of 16.
  const least =
    Math.floor(Math.min(Number(w.m) * 2 ** Math.max(-1000, Math.min(900, w.e)), 2 ** 20) * 16 - 1) / 16;
  if (size >= 0 || !(least > 0) || radiusMagnitude(w) > -10) return undefined;
  const wide: Ball = { m: 0n, e: Math.ceil(size * least), r: 1 };
  return { re: wide, im: wide };
}

export function apartComplex(a: ComplexBall, b: ComplexBall): boolean {
  return apart(a.re, b.re) || apart(a.im, b.im);
}

/** cos z and sin z. */
export function cosSinComplex(a: ComplexBall, bits: number): readonly [ComplexBall, ComplexBall] | undefined {
  if (isReal(a)) {
    const turned = cosSinBall(a.re, bits);
    return turned && [realBall(turned[0]), realBall(turned[1])];
  }
  const turned = expComplex(multiplyComplex(IMAGINARY_UNIT, a, bits + 8), bits + 8);
  const back = turned && invertComplex(turned, bits + 8);
  if (turned === undefined || back === undefined) return undefined;
  const cos = addComplex(turned, back, bits);
  const sin = subtractComplex(turned, back, bits);
  return [
    { re: halve(cos.re), im: halve(cos.im) },
    { re: halve(sin.im), im: negateBall(halve(sin.re)) },
  ];
}
