import { exact } from '../answer/build.js';
import { bitLength } from './ball.js';
import { rationalPower } from './exact-value.js';
import { constant, generated, keyOf, rationalIn } from './fractions.js';
import {
  constantPolynomial,
  negatePolynomial,
  ONE_POLYNOMIAL,
  onlyTerm,
  polynomialOf,
  timesRational,
  ZERO_POLYNOMIAL,
} from './polynomial.js';
import { primePowers } from './primes.js';
import { invert, isInteger, negate, ONE, type Rational } from './rational.js';
import type { Fraction } from './generator.js';
import { reducedFactor } from './generator-powers.js';
import { contentOf, type Ring } from './ring.js';
import { TooLarge } from './too-large.js';
import { writtenOut } from './written-out.js';

/** Powers of sums are multiplied out up to this exponent, if they do not grow to more terms than that. */
const LARGEST_POWER = 64n;
const MOST_TERMS_OF_POWER = 120;

/** base^exponent for a rational exponent. */
export function rationalPowerOf(
  base: Fraction,
  exponent: Rational,
  root: boolean,
  ring: Ring,
): Fraction | undefined {
  if (isInteger(exponent)) return integerPower(base, exponent.n, ring);
  if (exponent.d > 10_000n || exponent.n > 100_000n || exponent.n < -100_000n) throw new TooLarge();
  const value = rationalIn(base);
  if (value !== undefined) return powerOfRational(value, exponent, root, ring);
  const [n, d] = [Number(exponent.n), Number(exponent.d)];
  // Positive factors come out of a power; one factor x^a with 0 < a <= 1 that is left keeps its angle.
  const only = base.den === ONE_POLYNOMIAL ? onlyTerm(base.num) : undefined;
  if (only !== undefined) {
    let outside: Fraction | undefined = powerOfRational(
      only.coefficient.n < 0n ? negate(only.coefficient) : only.coefficient,
      exponent,
      root,
      ring,
    );
    const inside = [];
    for (const factor of only.factors) {
      const { positive } = ring.at(factor.generator);
      if (!positive) inside.push(factor);
      else {
        const { n: top, d: bottom } = reducedFactor(factor.generator, factor.n * n, factor.d * d);
        outside = outside && ring.times(outside, generated(ring, factor.generator, top, bottom));
      }
    }
    if (outside === undefined) return undefined;
    const [single] = inside;
    if (only.coefficient.n > 0n) {
      if (single === undefined) return outside;
      const { kind } = ring.at(single.generator);
      if (
        inside.length === 1 &&
        kind !== 'imaginary' &&
        kind !== 'circle' &&
        single.n > 0 &&
        single.n <= single.d
      ) {
        const { n: top, d: bottom } = reducedFactor(single.generator, single.n * n, single.d * d);
        return ring.times(outside, generated(ring, single.generator, top, bottom));
      }
    } else if (single === undefined) {
      const turned = powerOfRational({ n: -1n, d: 1n }, exponent, root, ring);
      return turned && ring.times(outside, turned);
    }
    const rest = polynomialOf({
      factors: inside,
      coefficient: { n: only.coefficient.n < 0n ? -1n : 1n, d: 1n },
    });
    return ring.times(outside, rootOf({ num: rest, den: ONE_POLYNOMIAL }, n, d, ring));
  }
  const content = contentOf(base.num);
  const outside = powerOfRational(content, exponent, root, ring);
  const primitive: Fraction = { num: timesRational(base.num, invert(content)), den: base.den };
  return outside && ring.times(outside, rootOf(primitive, n, d, ring));
}

/** The generator that stands for a base, to the power n/d. */
function rootOf(base: Fraction, n: number, d: number, ring: Ring): Fraction {
  const num = ring.reduce(base.num);
  const reduced: Fraction = { num, den: base.den };
  const generator = ring.generator(`base ${keyOf(reduced, ring)}`, () => ({
    kind: 'other',
    expression: writtenOut(reduced, ring),
    positive: false,
    ...(base.den === ONE_POLYNOMIAL ? { relation: { at: 1, value: num } } : {}),
  }));
  return generated(ring, generator, n, d);
}

function integerPower(base: Fraction, n: bigint, ring: Ring): Fraction | undefined {
  if (n === 0n) return base.num.size === 0 ? undefined : constant(ONE);
  if (n < 0n) {
    const positive = integerPower(base, -n, ring);
    return positive && ring.invert(positive);
  }
  if (n === 1n) return base;
  const value = rationalIn(base);
  if (value !== undefined) {
    const power = rationalPower(value, { n, d: 1n }, false, ring.budget);
    return power === undefined ? powerOfRational(value, { n, d: 1n }, false, ring) : constant(power);
  }
  const size = Math.max(base.num.size, base.den.size);
  if (size > 1 && (n > LARGEST_POWER || termsOfPower(size, Number(n)) > MOST_TERMS_OF_POWER)) {
    if (n > 0xffffffn) throw new TooLarge();
    return powerGenerator(base, Number(n), ring);
  }
  if (size === 1 && base.den === ONE_POLYNOMIAL) {
    const [only] = [...base.num.values()];
    if (only === undefined || n > 0xffffffn) throw new TooLarge();
    const coefficient = rationalPower(only.coefficient, { n, d: 1n }, false, ring.budget);
    if (coefficient === undefined) throw new TooLarge();
    let result = constantPolynomial(coefficient);
    for (const factor of only.factors) {
      const { n: top, d: bottom } = reducedFactor(factor.generator, factor.n * Number(n), factor.d);
      result = ring.multiply(result, ring.power(factor.generator, top, bottom));
    }
    return { num: result, den: ONE_POLYNOMIAL };
  }
  let result: Fraction | undefined = constant(ONE);
  let square: Fraction | undefined = base;
  for (let rest = n; rest > 0n && result && square; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = ring.times(result, square);
    if (rest > 1n) square = ring.times(square, square);
  }
  return result;
}

/** A power too large to multiply out: the base becomes a generator that nothing else is related to. */
function powerGenerator(base: Fraction, n: number, ring: Ring): Fraction {
  const reduced: Fraction = { num: ring.reduce(base.num), den: base.den };
  const generator = ring.generator(`whole ${keyOf(reduced, ring)}`, () => ({
    kind: 'other',
    expression: writtenOut(reduced, ring),
    positive: false,
  }));
  return generated(ring, generator, n);
}

/** Terms of a sum of `size` terms to the n-th power, at most: C(n + size - 1, size - 1). */
function termsOfPower(size: number, n: number): number {
  let count = 1;
  for (let k = 1; k < size && count < 1e6; k += 1) count = (count * (n + k)) / k;
  return count;
}

/** value^exponent as a product of roots of primes, and of a part of a turn where the value is negative. */
export function powerOfRational(
  value: Rational,
  exponent: Rational,
  root: boolean,
  ring: Ring,
): Fraction | undefined {
  if (value.n === 0n) return exponent.n > 0n ? { num: ZERO_POLYNOMIAL, den: ONE_POLYNOMIAL } : undefined;
  if (Math.max(bitLength(exponent.n), bitLength(exponent.d)) > 30) throw new TooLarge();
  const [n, d] = [Number(exponent.n), Number(exponent.d)];
  let result = ONE_POLYNOMIAL;
  for (const [whole, direction] of [
    [value.n < 0n ? -value.n : value.n, 1],
    [value.d, -1],
  ] as const) {
    if (whole === 1n) continue;
    for (const { factor, times, certain } of primePowers(whole, ring)) {
      const { n: top, d: bottom } = reducedFactor(0, direction * times * n, d);
      result = ring.multiply(result, ring.power(primeGenerator(factor, certain, ring), top, bottom));
    }
  }
  if (value.n < 0n) {
    if (root && d % 2 === 1) {
      if (n % 2 !== 0) result = negatePolynomial(result);
    } else {
      const circle = ring.generator('circle', () => ({
        kind: 'circle',
        expression: exact({ n: -1n, d: 1n }),
        positive: false,
      }));
      result = ring.multiply(result, ring.power(circle, n, d));
    }
  }
  return { num: result, den: ONE_POLYNOMIAL };
}

export function primeGenerator(prime: bigint, certain: boolean, ring: Ring): number {
  return ring.generator(`root of ${String(prime)}`, () => ({
    // A factor that may be composite still has exponents to be reduced; only independence is not known.
    kind: 'prime',
    uncertain: !certain,
    expression: exact({ n: prime, d: 1n }),
    prime,
    positive: true,
  }));
}
