import { exact } from '../answer/build.js';
import type { Expression, PowerExpression } from '../answer/expression.js';
import { primeGenerator, rationalPowerOf } from './canonical-power.js';
import { constant, generated, keyOf, rationalIn } from './fractions.js';
import { termWrittenOut } from './written-out.js';
import {
  keyOfFactors,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  polynomialOf,
  type Term,
} from './polynomial.js';
import { primePowers } from './primes.js';
import { isInteger, multiply, ONE, type Rational } from './rational.js';
import type { Fraction } from './generator.js';
import { reducedFactor } from './generator-powers.js';
import type { Ring } from './ring.js';
import { TooLarge } from './too-large.js';

/**
 * base^exponent with symbols in the exponent: a power for every term of the exponent and every prime in the base, so
 * that 2^(n+1) is 2 times 2^n, 4^n the square of 2^n, and x^a x^b is x^(a+b).
 */
export function symbolicPower(
  base: Fraction,
  exponent: Fraction,
  e: PowerExpression,
  ring: Ring,
): Fraction | undefined {
  if (base.num.size === 0) throw new TooLarge();
  let result: Fraction | undefined = constant(ONE);
  if (exponent.den !== ONE_POLYNOMIAL) {
    const whole = ring.generator(`exponent ${keyOf(exponent, ring)}`, () => ({
      kind: 'other',
      expression: e.exponent,
      positive: false,
    }));
    return powerOfTerm(base, { factors: [{ generator: whole, n: 1, d: 1 }], coefficient: ONE }, e, ring);
  }
  for (const term of ring.reduce(exponent.num).values()) {
    const part: Fraction | undefined =
      term.factors.length === 0
        ? rationalPowerOf(base, term.coefficient, e.root === true, ring)
        : powerOfTerm(base, term, e, ring);
    result = result && part && ring.times(result, part);
  }
  return result;
}

function powerOfTerm(base: Fraction, term: Term, e: PowerExpression, ring: Ring): Fraction | undefined {
  const value = rationalIn(base);
  if (value !== undefined) return powerOfNumber(value, term, ring);
  const only = base.den === ONE_POLYNOMIAL ? onlyTerm(base.num) : undefined;
  const [single] = only?.factors ?? [];
  if (only !== undefined && single !== undefined && only.factors.length === 1 && isOne(only.coefficient)) {
    const { name, expression, positive, prime } = ring.at(single.generator);
    const times = multiply(term.coefficient, { n: BigInt(single.n), d: BigInt(single.d) });
    // A power of a power: the exponents multiply where the base is above zero, or nothing was multiplied yet.
    if (name === 'e' && prime === undefined) return exponential(times, term, ring);
    if (positive || (single.n === 1 && single.d === 1))
      return simplePower(
        prime === undefined ? name : `root of ${String(prime)}`,
        expression,
        times,
        term,
        ring,
      );
  }
  return simplePower(`(${keyOf(base, ring)})`, e.base, term.coefficient, term, ring);
}

function isOne(a: Rational): boolean {
  return a.n === 1n && a.d === 1n;
}

function powerOfNumber(value: Rational, term: Term, ring: Ring): Fraction | undefined {
  let result: Fraction | undefined = constant(ONE);
  for (const [whole, direction] of [
    [value.n < 0n ? -value.n : value.n, 1n],
    [value.d, -1n],
  ] as const) {
    if (whole === 1n) continue;
    for (const { factor, times, certain } of primePowers(whole, ring)) {
      const name = ring.at(primeGenerator(factor, certain, ring)).name;
      const exponent = multiply(term.coefficient, { n: direction * BigInt(times), d: 1n });
      const part = simplePower(name, exact({ n: factor, d: 1n }), exponent, term, ring);
      result = result && ring.times(result, part);
    }
  }
  if (value.n < 0n) {
    const part = simplePower('-1', exact({ n: -1n, d: 1n }), term.coefficient, term, ring);
    result = result && ring.times(result, part);
  }
  return result;
}

/** e^(c t): x^c where t is ln x, a part of a turn where it is i pi. */
function exponential(c: Rational, term: Term, ring: Ring): Fraction | undefined {
  const e: Expression = { kind: 'constant', name: 'e' };
  const [first, second] = term.factors;
  if (first !== undefined && second === undefined && first.n === 1 && first.d === 1) {
    const { inverse } = ring.at(first.generator);
    if (inverse !== undefined && ring.at(first.generator).expression.kind === 'call')
      return rationalPowerOf(inverse, c, false, ring);
  }
  if (first !== undefined && second !== undefined && term.factors.length === 2) {
    const names = [first, second].map(({ generator, n, d }) => `${ring.at(generator).name} ${n}/${d}`).sort();
    if (names[0] === 'i 1/1' && names[1] === 'pi 1/1') {
      const circle = ring.generator('circle', () => ({
        kind: 'circle',
        expression: exact({ n: -1n, d: 1n }),
        positive: false,
      }));
      return generatedPower(circle, c, ring);
    }
  }
  return simplePower('e', e, c, term, ring);
}

/** The generator base^t to the power c. */
function simplePower(name: string, base: Expression, c: Rational, term: Term, ring: Ring): Fraction {
  const monomial: Polynomial = polynomialOf({ factors: term.factors, coefficient: ONE });
  const inverse: Fraction = { num: monomial, den: ONE_POLYNOMIAL };
  const exponent = termWrittenOut({ factors: term.factors, coefficient: ONE }, ring);
  const generator = ring.generator(`${name} to ${keyOfFactors(term.factors)}`, () => ({
    kind: 'other',
    expression: { kind: 'power', base, exponent },
    positive: false,
    ...(name === 'e' ? { inverse } : {}),
  }));
  return generatedPower(generator, c, ring);
}

function generatedPower(generator: number, c: Rational, ring: Ring): Fraction {
  if (c.d > 0xffffffn || c.n > 0xffffffn || c.n < -0xffffffn) throw new TooLarge();
  const { n, d } = isInteger(c)
    ? { n: Number(c.n), d: 1 }
    : reducedFactor(generator, Number(c.n), Number(c.d));
  return generated(ring, generator, n, d);
}
