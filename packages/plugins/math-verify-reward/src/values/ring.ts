import type { Budget } from '../budget.js';
import type { Fraction, Generator } from './generator.js';
import { invertFactors, multiplyFactors } from './generator-powers.js';
import { workOf, workOfGcd } from './integer-functions.js';
import {
  accumulate,
  addPolynomials,
  negatePolynomial,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  polynomialOf,
  samePolynomial,
  type Term,
} from './polynomial.js';
import { bitsOf, gcd, invert, multiply, ONE, type Rational } from './rational.js';
import { cleared, independent, reduced } from './reduction.js';
import { normalTerm } from './term-normal-form.js';
import { TooLarge } from './too-large.js';

const MOST_STEPS = 60_000;
const MOST_TERMS = 400;

/** The generators that both sides of a comparison share, and arithmetic with polynomials in them. */
export class Ring {
  readonly generators: Generator[] = [];
  readonly #byName = new Map<string, number>();
  #steps = MOST_STEPS;

  constructor(readonly budget: Budget) {}

  /** @throws TooLarge */
  spend(steps: number): void {
    // Asked before it is charged: what is too dear here may still be decided by other means.
    if (steps > this.#steps) throw new TooLarge();
    this.#steps -= steps;
    this.budget.spend(steps);
  }

  /** Number of the generator of this name, made on first use. */
  generator(name: string, make: () => Omit<Generator, 'name'>): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const made = { name, ...make() };
    this.generators.push(made);
    this.#byName.set(name, this.generators.length - 1);
    return this.generators.length - 1;
  }

  at(index: number): Generator {
    const generator = this.generators[index];
    if (generator === undefined) throw new TooLarge();
    return generator;
  }

  power(generator: number, n: number, d: number): Polynomial {
    return polynomialOf(normalTerm([{ generator, n, d }], ONE, this));
  }

  multiplyTerms(a: Term, b: Term): Term {
    const [ca, cb] = [a.coefficient, b.coefficient];
    this.#spendOnTerm(ca, cb);
    const coefficient = multiply(ca, cb);
    if (a.factors.length === 0) return { factors: b.factors, coefficient };
    if (b.factors.length === 0) return { factors: a.factors, coefficient };
    return normalTerm(multiplyFactors(a.factors, b.factors), coefficient, this);
  }

  /** Charges for one operation on two coefficients. */
  #spendOnTerm(a: Rational, b: Rational): void {
    const [left, right] = [bitsOf(a), bitsOf(b)];
    const small = left + right < 128;
    const reduction = a.d === 1n && b.d === 1n ? 0 : 2 * workOfGcd(left, right);
    this.spend(12 + (small ? 0 : 4 * workOf(left + right) + reduction));
  }

  /** The sum of two polynomials. */
  sum(a: Polynomial, b: Polynomial): Polynomial {
    this.spend(3 * a.size);
    for (const [key, term] of b) {
      const other = a.get(key);
      if (other === undefined) this.spend(3);
      else this.#spendOnTerm(other.coefficient, term.coefficient);
    }
    return addPolynomials(a, b);
  }

  imaginary(): number {
    return this.generator('i', () => ({
      kind: 'imaginary',
      expression: { kind: 'constant', name: 'i' },
      positive: false,
    }));
  }

  multiply(a: Polynomial, b: Polynomial): Polynomial {
    if (a === ONE_POLYNOMIAL) return b;
    if (b === ONE_POLYNOMIAL) return a;
    const result = new Map<string, Term>();
    for (const x of a.values())
      for (const y of b.values()) {
        const term = this.multiplyTerms(x, y);
        const bits = bitsOf(term.coefficient);
        if (bits > 128)
          this.spend(4 * workOf(2 * bits) + (term.coefficient.d === 1n ? 0 : 2 * workOfGcd(bits)));
        accumulate(result, term);
      }
    if (result.size > MOST_TERMS) throw new TooLarge();
    return result;
  }

  /** num / den; nothing where the denominator is zero. */
  fraction(num: Polynomial, den: Polynomial): Fraction | undefined {
    if (den.size === 0) return undefined;
    const only = onlyTerm(den);
    if (only === undefined) return { num, den };
    const inverse = normalTerm(invertFactors(only.factors), invert(only.coefficient), this);
    return { num: this.multiply(num, polynomialOf(inverse)), den: ONE_POLYNOMIAL };
  }

  add(a: Fraction, b: Fraction): Fraction | undefined {
    if (samePolynomial(a.den, b.den)) return { num: this.sum(a.num, b.num), den: a.den };
    return this.fraction(
      this.sum(this.multiply(a.num, b.den), this.multiply(b.num, a.den)),
      this.multiply(a.den, b.den),
    );
  }

  times(a: Fraction, b: Fraction): Fraction | undefined {
    if (a.den === ONE_POLYNOMIAL && b.den === ONE_POLYNOMIAL)
      return { num: this.multiply(a.num, b.num), den: ONE_POLYNOMIAL };
    return this.fraction(this.multiply(a.num, b.num), this.multiply(a.den, b.den));
  }

  invert(a: Fraction): Fraction | undefined {
    return this.fraction(this.reduce(a.den), this.reduce(a.num));
  }

  /** a.num b.den - b.num a.den, reduced. */
  crossDifference(a: Fraction, b: Fraction): Polynomial {
    if (samePolynomial(a.den, b.den)) return this.reduce(this.sum(a.num, negatePolynomial(b.num)));
    const left = this.multiply(a.num, b.den);
    return this.reduce(this.sum(left, negatePolynomial(this.multiply(b.num, a.den))));
  }

  /** Applies the relations of generators, such as sin^2 = 1 - cos^2, as often as they apply. */
  reduce(a: Polynomial): Polynomial {
    return reduced(a, this);
  }

  /** Multiplies by powers of generators so that none of those chosen has a negative exponent. */
  clear(a: Polynomial, chosen: (generator: Generator) => boolean): Polynomial {
    return cleared(a, chosen, this);
  }

  /** Whether a polynomial in these generators that is not zero as written is not zero. */
  independent(a: Polynomial): boolean {
    return independent(a, this);
  }
}

/** Greatest common divisor of the coefficients, above zero: numerators' over denominators' least common multiple. */
export function contentOf(a: Polynomial): Rational {
  let [n, d] = [0n, 1n];
  for (const { coefficient } of a.values()) {
    n = gcd(n, coefficient.n);
    d = (d / gcd(d, coefficient.d)) * coefficient.d;
  }
  return { n: n === 0n ? 1n : n, d };
}
