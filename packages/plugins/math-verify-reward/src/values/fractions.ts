import type { Expression } from '../answer/expression.js';
import {
  constantPolynomial,
  leadingTerm,
  negatePolynomial,
  ONE_POLYNOMIAL,
  type Polynomial,
  rationalPart,
} from './polynomial.js';
import { invert, multiply, ONE, type Rational } from './rational.js';
import type { Fraction } from './generator.js';
import type { Ring } from './ring.js';

export function constant(value: Rational): Fraction {
  return { num: constantPolynomial(value), den: ONE_POLYNOMIAL };
}

export function generated(ring: Ring, generator: number, n = 1, d = 1): Fraction {
  return { num: ring.power(generator, n, d), den: ONE_POLYNOMIAL };
}

/** The value of a fraction that is a rational number as written. */
export function rationalIn(a: Fraction): Rational | undefined {
  return a.den === ONE_POLYNOMIAL ? rationalPart(a.num) : undefined;
}

/** The same text for fractions that are equal as written, whatever order their terms came in. */
export function keyOf(a: Fraction, ring: Ring): string {
  const num = ring.reduce(a.num);
  const lead = leadingTerm(a.den);
  const by = lead === undefined ? ONE : invert(lead.coefficient);
  const side = (p: Polynomial): string =>
    [...p]
      .map(([key, { coefficient }]) => {
        const c = multiply(coefficient, by);
        return `${c.n.toString(32)}/${c.d.toString(32)}*${key}`;
      })
      .sort()
      .join('+');
  ring.spend(12 * (num.size + a.den.size));
  return a.den === ONE_POLYNOMIAL ? side(num) : `${side(num)} over ${side(a.den)}`;
}

/** A generator of which nothing is known but its name. */
export function other(name: string, expression: Expression, ring: Ring): Fraction {
  return generated(
    ring,
    ring.generator(name, () => ({ kind: 'other', expression, positive: false })),
  );
}

export function negated(a: Fraction): Fraction {
  return { num: negatePolynomial(a.num), den: a.den };
}

/** Of a and -a, one is called negative. */
export function isNegative(a: Fraction): boolean {
  const [num, den] = [leadingTerm(a.num), leadingTerm(a.den)];
  return num !== undefined && den !== undefined && num.coefficient.n < 0n !== den.coefficient.n < 0n;
}
