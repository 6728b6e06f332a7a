import { difference, exact, integer, power, product, quotient, sum, symbol } from '../answer/build.js';
import type { Expression, SeriesExpression } from '../answer/expression.js';
import { substitute } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import { isInteger, rational } from './rational.js';

/** Sums of polynomials up to this degree in their index have a closed form here. */
const LARGEST_DEGREE = 10;
/** Closed forms larger than this are not worth it. */
const LARGEST_TREE = 4000;

/** A formula without the sum sign, for polynomials and geometric series in the index; nothing for other bodies. */
export function closedForm(e: SeriesExpression, budget: Budget): Expression | undefined {
  if (e.operation !== 'sum') return undefined;
  const infinite = e.to.kind === 'constant' && e.to.name === 'infinity';
  if (!infinite) {
    const degree = degreeIn(e.body, e.index);
    if (degree !== undefined && degree <= LARGEST_DEGREE) return polynomialSum(e, degree, budget);
  }
  return geometricSum(e, infinite);
}

/** Degree of `e` as a polynomial in `name`, or an upper bound; nothing where it is none. */
export function degreeIn(e: Expression, name: string): number | undefined {
  switch (e.kind) {
    case 'symbol':
      return e.name === name ? 1 : 0;
    case 'sum':
      return reduceDegrees(e.terms, name, Math.max);
    case 'product':
      return reduceDegrees(e.factors, name, (a, b) => a + b);
    case 'power': {
      if (!freeSymbols(e).has(name)) return 0;
      const base = degreeIn(e.base, name);
      if (base === undefined || e.exponent.kind !== 'number') return undefined;
      const n = e.exponent.value;
      return isInteger(n) && n.n >= 0n && n.n <= 64n ? base * Number(n.n) : undefined;
    }
    default:
      return freeSymbols(e).has(name) ? undefined : 0;
  }
}

function reduceDegrees(
  parts: readonly Expression[],
  name: string,
  join: (a: number, b: number) => number,
): number | undefined {
  let degree = 0;
  for (const part of parts) {
    const own = degreeIn(part, name);
    if (own === undefined) return undefined;
    degree = join(degree, own);
  }
  return degree;
}

/**
 * Newton's form: with N terms from f(a) on, the sum of f is the sum over j of (j-th difference of f at a) C(N, j+1);
 * here sorted by the values f(a + k).
 */
function polynomialSum(e: SeriesExpression, degree: number, budget: Budget): Expression | undefined {
  const size = (degree + 1) * (sizeOfTree(e.body) + (degree + 1) * (sizeOfTree(e.to) + sizeOfTree(e.from)));
  budget.spend(4 * size);
  if (size > LARGEST_TREE) return undefined;
  const count = sum(difference(e.to, e.from), integer(1));
  const choose: Expression[] = [];
  for (let j = 0; j <= degree; j += 1) {
    const next = product(sum(count, integer(-j)), exact(rational(1n, BigInt(j + 1))));
    choose.push(product(...choose.slice(-1), next));
  }
  const terms: Expression[] = [];
  for (let k = 0; k <= degree; k += 1) {
    const value = substitute(e.body, e.index, k === 0 ? e.from : sum(e.from, integer(k)));
    const weights: Expression[] = [];
    let binomial = 1n;
    for (let j = k; j <= degree; j += 1) {
      const weight = (j - k) % 2 === 0 ? binomial : -binomial;
      weights.push(product(integer(weight), choose[j] ?? integer(0)));
      binomial = (binomial * BigInt(j + 1)) / BigInt(j + 1 - k);
    }
    terms.push(product(value, sum(...weights)));
  }
  return sum(...terms);
}

/** first (ratio^N - 1) / (ratio - 1), and first / (1 - ratio) for infinitely many terms. */
function geometricSum(e: SeriesExpression, infinite: boolean): Expression | undefined {
  const ratio = ratioIn(e.body, e.index);
  if (ratio === undefined) return undefined;
  const first = substitute(e.body, e.index, e.from);
  if (infinite) return quotient(first, difference(integer(1), ratio));
  const count = sum(difference(e.to, e.from), integer(1));
  return quotient(product(first, difference(power(ratio, count), integer(1))), difference(ratio, integer(1)));
}

/** The factor from one term to the next, where it is the same for all: of products of powers linear in the index. */
function ratioIn(e: Expression, name: string): Expression | undefined {
  if (!freeSymbols(e).has(name)) return integer(1);
  if (e.kind === 'product') {
    const ratios: Expression[] = [];
    for (const factor of e.factors) {
      const ratio = ratioIn(factor, name);
      if (ratio === undefined) return undefined;
      if (ratio.kind !== 'number' || ratio.value.n !== 1n || ratio.value.d !== 1n) ratios.push(ratio);
    }
    return ratios.length === 0 ? undefined : product(...ratios);
  }
  if (e.kind !== 'power') return undefined;
  if (!freeSymbols(e.base).has(name)) {
    if (degreeIn(e.exponent, name) !== 1) return undefined;
    const step = difference(substitute(e.exponent, name, sum(symbol(name), integer(1))), e.exponent);
    return power(e.base, constantStep(step, name));
  }
  // (r^k)^c with c free of the index.
  if (freeSymbols(e.exponent).has(name)) return undefined;
  const inner = ratioIn(e.base, name);
  return inner && power(inner, e.exponent);
}

/** A difference that does not depend on the symbol, taken where the symbol is zero. */
function constantStep(step: Expression, name: string): Expression {
  return substitute(step, name, integer(0));
}
