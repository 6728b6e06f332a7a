import type { Generator } from './generator.js';
import { invertFactors } from './generator-powers.js';
import {
  addPolynomials,
  type Factor,
  type Polynomial,
  polynomialOf,
  type Term,
  timesRational,
} from './polynomial.js';
import { ONE } from './rational.js';
import type { Ring } from './ring.js';
import { normalTerm } from './term-normal-form.js';

/** Applies the relations of generators, such as sin^2 = 1 - cos^2, as often as they apply. */
export function reduced(a: Polynomial, ring: Ring): Polynomial {
  let current = a;
  for (let round = 0; round < 64; round += 1) {
    const next = reducedOnce(current, ring);
    if (next === current) return current;
    current = next;
  }
  return current;
}

function reducedOnce(a: Polynomial, ring: Ring): Polynomial {
  let found = false;
  for (const term of a.values()) if (reducible(term, ring) !== undefined) found = true;
  if (!found) return a;
  let result: Polynomial = new Map();
  for (const term of a.values()) {
    const factor = reducible(term, ring);
    const relation = factor && ring.at(factor.generator).relation;
    if (factor === undefined || relation === undefined) {
      result = addPolynomials(result, polynomialOf(term));
      continue;
    }
    const rest = term.factors.map((each) =>
      each === factor ? { ...each, n: each.n - relation.at * each.d } : each,
    );
    const left = polynomialOf(normalTerm(rest, ONE, ring));
    result = addPolynomials(result, timesRational(ring.multiply(left, relation.value), term.coefficient));
    ring.spend(6 * result.size);
  }
  return result;
}

function reducible(term: Term, ring: Ring): Factor | undefined {
  return term.factors.find(({ generator, n, d }) => {
    const { relation } = ring.at(generator);
    return relation !== undefined && n >= relation.at * d;
  });
}

/** Multiplies by powers of generators so that none of those chosen has a negative exponent. */
export function cleared(a: Polynomial, chosen: (generator: Generator) => boolean, ring: Ring): Polynomial {
  const least = new Map<number, Factor>();
  for (const term of a.values())
    for (const factor of term.factors) {
      const known = least.get(factor.generator);
      if (factor.n < 0 && (known === undefined || factor.n * known.d < known.n * factor.d))
        if (chosen(ring.at(factor.generator))) least.set(factor.generator, factor);
    }
  if (least.size === 0) return a;
  const factors = [...least.values()].sort((x, y) => x.generator - y.generator);
  const lift = normalTerm(invertFactors(factors), ONE, ring);
  return ring.multiply(a, polynomialOf(lift));
}

/** Whether a polynomial in these generators that is not zero as written is not zero. */
export function independent(a: Polynomial, ring: Ring): boolean {
  const transcendental = new Set<number>();
  for (const term of a.values())
    for (const { generator, n, d } of term.factors) {
      const { kind, uncertain } = ring.at(generator);
      if (uncertain === true) return false;
      if (kind === 'transcendental') transcendental.add(generator);
      if (kind === 'other' || kind === 'circle' || (kind === 'imaginary' && (n !== 1 || d !== 1)))
        return false;
    }
  return transcendental.size <= 1;
}
