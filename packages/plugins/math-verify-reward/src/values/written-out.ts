import { exact, product, quotient, sum } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { ONE_POLYNOMIAL, type Polynomial, type Term } from './polynomial.js';
import type { Fraction } from './generator.js';
import type { Ring } from './ring.js';

/** A fraction as an expression again. */
export function writtenOut(a: Fraction, ring: Ring): Expression {
  const num = polynomialWrittenOut(a.num, ring);
  return a.den === ONE_POLYNOMIAL ? num : quotient(num, polynomialWrittenOut(a.den, ring));
}

export function polynomialWrittenOut(a: Polynomial, ring: Ring): Expression {
  const terms = [...a.values()].map((term) => termWrittenOut(term, ring));
  return terms.length === 0 ? exact({ n: 0n, d: 1n }) : sum(...terms);
}

export function termWrittenOut({ factors, coefficient }: Term, ring: Ring): Expression {
  return product(
    exact(coefficient),
    ...factors.map(({ generator, n, d }): Expression => {
      const { expression } = ring.at(generator);
      if (n === 1 && d === 1) return expression;
      return { kind: 'power', base: expression, exponent: exact({ n: BigInt(n), d: BigInt(d) }) };
    }),
  );
}
