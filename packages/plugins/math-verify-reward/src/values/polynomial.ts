import { add, multiply, negate, ONE, type Rational, sameRational } from './rational.js';

/** A generator to a rational power. */
export interface Factor {
  readonly generator: number;
  readonly n: number;
  /** Positive. */
  readonly d: number;
}

/** Powers of different generators in rising order of the generators; exponents may be negative and fractions. */
export interface Term {
  readonly factors: readonly Factor[];
  readonly coefficient: Rational;
}

/** Terms under a text that tells their factors apart; none has the coefficient zero. */
export type Polynomial = ReadonlyMap<string, Term>;

export const ZERO_POLYNOMIAL: Polynomial = new Map();

export function keyOfFactors(factors: readonly Factor[]): string {
  let key = '';
  for (const { generator, n, d } of factors)
    key += d === 1 ? `${generator}^${n} ` : `${generator}^${n}/${d} `;
  return key;
}

export function polynomialOf(term: Term): Polynomial {
  return term.coefficient.n === 0n ? ZERO_POLYNOMIAL : new Map([[keyOfFactors(term.factors), term]]);
}

export function constantPolynomial(coefficient: Rational): Polynomial {
  return polynomialOf({ factors: [], coefficient });
}

export const ONE_POLYNOMIAL: Polynomial = constantPolynomial(ONE);

/** Adds a term to a polynomial under construction. */
export function accumulate(into: Map<string, Term>, term: Term): void {
  if (term.coefficient.n === 0n) return;
  const key = keyOfFactors(term.factors);
  const before = into.get(key);
  if (before === undefined) {
    into.set(key, term);
    return;
  }
  const coefficient = add(before.coefficient, term.coefficient);
  if (coefficient.n === 0n) into.delete(key);
  else into.set(key, { factors: term.factors, coefficient });
}

export function addPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  if (a.size === 0) return b;
  const result = new Map(a);
  for (const term of b.values()) accumulate(result, term);
  return result;
}

export function timesRational(a: Polynomial, c: Rational): Polynomial {
  if (c.n === 1n && c.d === 1n) return a;
  if (c.n === 0n) return ZERO_POLYNOMIAL;
  const result = new Map<string, Term>();
  for (const [key, term] of a) result.set(key, { ...term, coefficient: multiply(term.coefficient, c) });
  return result;
}

export function negatePolynomial(a: Polynomial): Polynomial {
  const result = new Map<string, Term>();
  for (const [key, term] of a) result.set(key, { ...term, coefficient: negate(term.coefficient) });
  return result;
}

/** The one term, where there is just one. */
export function onlyTerm(a: Polynomial): Term | undefined {
  if (a.size !== 1) return undefined;
  for (const term of a.values()) return term;
  return undefined;
}

/** The value, where it is a rational number. */
export function rationalPart(a: Polynomial): Rational | undefined {
  if (a.size === 0) return { n: 0n, d: 1n };
  const term = onlyTerm(a);
  return term?.factors.length === 0 ? term.coefficient : undefined;
}

/** The term that comes first in the order of the keys: a choice that depends on the polynomial alone. */
export function leadingTerm(a: Polynomial): Term | undefined {
  let best: string | undefined;
  for (const key of a.keys()) if (best === undefined || key < best) best = key;
  return best === undefined ? undefined : a.get(best);
}

export function samePolynomial(a: Polynomial, b: Polynomial): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, term] of a) {
    const other = b.get(key);
    if (other === undefined || !sameRational(term.coefficient, other.coefficient)) return false;
  }
  return true;
}
