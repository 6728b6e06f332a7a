import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { bitLength } from './ball.js';
import {
  accumulate,
  type Factor,
  negatePolynomial,
  addPolynomials,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  polynomialOf,
  samePolynomial,
  type Term,
  timesRational,
} from './polynomial.js';
import { workOf, workOfGcd } from './integer-functions.js';
import { gcd, invert, multiply, negate, type Rational } from './rational.js';

/**
 * What polynomials are made of. `symbol`, `prime` (a positive root of a prime), `imaginary` and `transcendental` (pi
 * alone or e alone) have no relations but those that multiplication applies: polynomials in these that look different
 * are different. Of the others only equality can be seen.
 */
export type GeneratorKind = 'symbol' | 'prime' | 'imaginary' | 'circle' | 'transcendental' | 'other';

export interface Generator {
  readonly kind: GeneratorKind;
  readonly name: string;
  /** What its first power is worth. */
  readonly expression: Expression;
  /** Of `prime`. */
  readonly prime?: bigint;
  /** Of `prime`: it may be composite after all. */
  readonly uncertain?: boolean;
  /** A constant above zero: powers of products with it may be taken apart. */
  readonly positive: boolean;
  /** Its power `at` is this polynomial. */
  readonly relation?: { readonly at: number; readonly value: Polynomial };
  /** The logarithm's argument, for what is a logarithm; the exponent, for what is a power of e. */
  readonly inverse?: Fraction;
}

/** Numerator and denominator, not reduced. A denominator of one term is always 1. */
export interface Fraction {
  readonly num: Polynomial;
  readonly den: Polynomial;
}

/** Thrown and caught within `canonical`: the form grows too large to be worth it. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

const MOST_STEPS = 60_000;
const MOST_TERMS = 400;
const LARGEST_EXPONENT = 2 ** 24;

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
    return polynomialOf(this.#normal([{ generator, n, d }], { n: 1n, d: 1n }));
  }

  multiplyTerms(a: Term, b: Term): Term {
    const [ca, cb] = [a.coefficient, b.coefficient];
    this.#spendOnTerm(ca, cb);
    const coefficient = multiply(ca, cb);
    if (a.factors.length === 0) return { factors: b.factors, coefficient };
    if (b.factors.length === 0) return { factors: a.factors, coefficient };
    const merged: Factor[] = [];
    let [i, j] = [0, 0];
    for (;;) {
      const [x, y] = [a.factors[i], b.factors[j]];
      if (x === undefined || y === undefined) break;
      if (x.generator < y.generator) {
        merged.push(x);
        i += 1;
      } else if (x.generator > y.generator) {
        merged.push(y);
        j += 1;
      } else {
        merged.push(addExponents(x, y));
        i += 1;
        j += 1;
      }
    }
    merged.push(...a.factors.slice(i), ...b.factors.slice(j));
    return this.#normal(merged, coefficient);
  }

  /** Charges for one operation on two coefficients. */
  #spendOnTerm(a: Rational, b: Rational): void {
    const [left, right] = [sizeOf(a), sizeOf(b)];
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

  /** Applies the relations that keep a term a term: i^2 = -1, whole powers of primes, half turns. */
  #normal(factors: readonly Factor[], coefficient: Rational): Term {
    let c = coefficient;
    let quarter = 0;
    const kept: Factor[] = [];
    let imaginary: number | undefined;
    for (const factor of factors) {
      if (factor.n === 0) continue;
      const { kind, prime } = this.at(factor.generator);
      if (kind === 'prime' && prime !== undefined) {
        const whole = Math.floor(factor.n / factor.d);
        if (whole !== 0) {
          if (Math.abs(whole) * bitLength(prime) > 4096) throw new TooLarge();
          const power = { n: prime ** BigInt(Math.abs(whole)), d: 1n };
          this.spend(workOfGcd(Math.max(bitLength(power.n), bitLength(c.n), bitLength(c.d))));
          c = multiply(c, whole > 0 ? power : invert(power));
        }
        const rest = factor.n - whole * factor.d;
        if (rest !== 0) kept.push({ ...factor, n: rest });
      } else if (kind === 'circle') {
        const turns = Math.floor(factor.n / factor.d);
        quarter += 2 * (((turns % 2) + 2) % 2);
        const rest = factor.n - turns * factor.d;
        if (2 * rest === factor.d) quarter += 1;
        else if (rest !== 0) kept.push({ ...factor, n: rest });
      } else if (kind === 'imaginary' && factor.d === 1) {
        imaginary = factor.generator;
        quarter += ((factor.n % 4) + 4) % 4;
      } else {
        kept.push(factor);
      }
    }
    if (quarter % 4 >= 2) c = negate(c);
    if (quarter % 2 === 1) {
      imaginary ??= this.imaginary();
      kept.push({ generator: imaginary, n: 1, d: 1 });
      kept.sort((x, y) => x.generator - y.generator);
    }
    return { factors: kept, coefficient: c };
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
        const bits = sizeOf(term.coefficient);
        if (bits > 128)
          this.spend(4 * workOf(2 * bits) + (term.coefficient.d === 1n ? 0 : 2 * workOfGcd(bits)));
        accumulate(result, term);
      }
    if (result.size > MOST_TERMS) throw new TooLarge();
    return result;
  }

  #invertTerm(term: Term): Term {
    return this.#normal(
      term.factors.map((factor) => ({ ...factor, n: -factor.n })),
      invert(term.coefficient),
    );
  }

  /** num / den; nothing where the denominator is zero. */
  fraction(num: Polynomial, den: Polynomial): Fraction | undefined {
    if (den.size === 0) return undefined;
    const only = onlyTerm(den);
    if (only === undefined) return { num, den };
    return { num: this.multiply(num, polynomialOf(this.#invertTerm(only))), den: ONE_POLYNOMIAL };
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
    let current = a;
    for (let round = 0; round < 64; round += 1) {
      const next = this.#reduceOnce(current);
      if (next === current) return current;
      current = next;
    }
    return current;
  }

  #reduceOnce(a: Polynomial): Polynomial {
    let found = false;
    for (const term of a.values()) if (this.#reducible(term) !== undefined) found = true;
    if (!found) return a;
    let result: Polynomial = new Map();
    for (const term of a.values()) {
      const factor = this.#reducible(term);
      const relation = factor && this.at(factor.generator).relation;
      if (factor === undefined || relation === undefined) {
        result = addPolynomials(result, polynomialOf(term));
        continue;
      }
      const rest = term.factors.map((each) =>
        each === factor ? { ...each, n: each.n - relation.at * each.d } : each,
      );
      const left = polynomialOf(this.#normal(rest, { n: 1n, d: 1n }));
      result = addPolynomials(result, timesRational(this.multiply(left, relation.value), term.coefficient));
      this.spend(6 * result.size);
    }
    return result;
  }

  #reducible(term: Term): Factor | undefined {
    return term.factors.find(({ generator, n, d }) => {
      const { relation } = this.at(generator);
      return relation !== undefined && n >= relation.at * d;
    });
  }

  /** Multiplies by powers of generators so that none of those chosen has a negative exponent. */
  clear(a: Polynomial, chosen: (generator: Generator) => boolean): Polynomial {
    const least = new Map<number, Factor>();
    for (const term of a.values())
      for (const factor of term.factors) {
        const known = least.get(factor.generator);
        if (factor.n < 0 && (known === undefined || factor.n * known.d < known.n * factor.d))
          if (chosen(this.at(factor.generator))) least.set(factor.generator, factor);
      }
    if (least.size === 0) return a;
    const factors = [...least.values()].sort((x, y) => x.generator - y.generator);
    const lift = this.#normal(
      factors.map((factor) => ({ ...factor, n: -factor.n })),
      { n: 1n, d: 1n },
    );
    return this.multiply(a, polynomialOf(lift));
  }

  /** Whether a polynomial in these generators that is not zero as written is not zero. */
  independent(a: Polynomial): boolean {
    const transcendental = new Set<number>();
    for (const term of a.values())
      for (const { generator, n, d } of term.factors) {
        const { kind, uncertain } = this.at(generator);
        if (uncertain === true) return false;
        if (kind === 'transcendental') transcendental.add(generator);
        if (kind === 'other' || kind === 'circle' || (kind === 'imaginary' && (n !== 1 || d !== 1)))
          return false;
      }
    return transcendental.size <= 1;
  }
}

function sizeOf(a: Rational): number {
  return Math.max(bitLength(a.n), a.d === 1n ? 0 : bitLength(a.d));
}

function addExponents(x: Factor, y: Factor): Factor {
  if (x.d === 1 && y.d === 1) return limited({ generator: x.generator, n: x.n + y.n, d: 1 });
  return reducedFactor(x.generator, x.n * y.d + y.n * x.d, x.d * y.d);
}

function limited(factor: Factor): Factor {
  if (Math.abs(factor.n) > LARGEST_EXPONENT || factor.d > LARGEST_EXPONENT) throw new TooLarge();
  return factor;
}

/** generator^(n/d) in lowest terms. */
export function reducedFactor(generator: number, n: number, d: number): Factor {
  let [a, b] = [Math.abs(n), d];
  while (b !== 0) [a, b] = [b, a % b];
  return limited({ generator, n: n / a, d: d / a });
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
