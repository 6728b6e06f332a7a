import { exact, integer, power, product } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { sameTree } from '../answer/tree.js';
import { freeSymbols } from './free-symbols.js';
import { add, isInteger, multiply, ONE, type Rational } from './rational.js';

/** A product as powers of different bases. */
export interface Factored {
  /** Free of the symbol. */
  readonly coefficient: readonly Expression[];
  readonly factors: readonly { readonly base: Expression; readonly exponent: Rational }[];
}

/** A product with the powers of each base gathered. */
export function factorsOf(e: Expression, name: string): Factored {
  const coefficient: Expression[] = [];
  const factors: { base: Expression; exponent: Rational }[] = [];
  const visit = (part: Expression, exponent: Rational): void => {
    if (part.kind === 'product' && isInteger(exponent)) {
      for (const factor of part.factors) visit(factor, exponent);
    } else if (!freeSymbols(part).has(name)) {
      coefficient.push(exponent.n === 1n && exponent.d === 1n ? part : power(part, exact(exponent)));
    } else if (part.kind === 'power' && part.exponent.kind === 'number' && isInteger(exponent)) {
      visit(part.base, multiply(exponent, part.exponent.value));
    } else {
      const known = factors.find(({ base }) => sameTree(base, part));
      if (known === undefined) factors.push({ base: part, exponent });
      else known.exponent = add(known.exponent, exponent);
    }
  };
  visit(e, ONE);
  return { coefficient, factors: factors.filter(({ exponent }) => exponent.n !== 0n) };
}

/** The product that was taken apart. */
export function rebuilt({ coefficient, factors }: Factored): Expression {
  const all = [...coefficient, ...factors.map(({ base, exponent }) => raisedTo(base, exponent))];
  return all.length === 0 ? integer(1) : product(...all);
}

/** A power without an exponent of 1; (a^u)^n with a whole n is a^(n u). */
export function raisedTo(base: Expression, exponent: Rational): Expression {
  if (exponent.n === 1n && exponent.d === 1n) return base;
  if (base.kind === 'power' && isInteger(exponent))
    return power(base.base, product(exact(exponent), base.exponent));
  return power(base, exact(exponent));
}
