import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { signOfBall } from './ball.js';
import { canonicalPair, unlessTooLarge } from './canonical-comparison.js';
import { type ComplexBall, divideComplex, isReal } from './complex-ball.js';
import { signOfConstant } from './constant.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import {
  addPolynomials,
  leadingTerm,
  negatePolynomial,
  ONE_POLYNOMIAL,
  type Polynomial,
  polynomialOf,
} from './polynomial.js';
import { POINT_KINDS, randomPoint, wholeSymbols } from './random-points.js';
import type { Generator } from './generator.js';
import type { Ring } from './ring.js';
import { agreement, isComplex, sampled } from './samples.js';
import { scalarForm } from './scalar-form.js';
import { polynomialWrittenOut } from './written-out.js';

/** Whether two expressions vanish together; `sign` is that of their ratio where this is a real constant. */
export type Proportionality =
  | { readonly same: true; readonly sign: 1 | -1 | undefined; readonly by: 'exact' | 'samples' }
  | { readonly same: false }
  | { readonly same: undefined; readonly reason: string };

/**
 * Whether a = 0 and b = 0 say the same: their numerators are proportional by a constant other than zero. Exact where
 * both are rational functions, else at seeded random points.
 */
export function proportional(a: Expression, b: Expression, budget: Budget): Proportionality {
  const left = scalarForm(a, budget);
  const right = scalarForm(b, budget);
  if (left === undefined || right === undefined) return { same: undefined, reason: 'not a scalar' };
  const pair = canonicalPair(left, right, budget);
  if (pair !== undefined) {
    const { ring } = pair;
    const [f, g] = [pair.left, pair.right];
    if (f === undefined || g === undefined) return { same: undefined, reason: 'a side has no value' };
    const found = unlessTooLarge((): Proportionality | undefined => {
      const whole = ratioOf(ring, ring.multiply(f.num, g.den), ring.multiply(g.num, f.den), budget);
      if (whole?.same === true) return whole;
      const parts = [ring.clear(f.num, isCleared), ring.clear(g.num, isCleared)].map((part) =>
        ring.reduce(part),
      );
      const [top = ONE_POLYNOMIAL, bottom = ONE_POLYNOMIAL] = parts;
      const numerators = ratioOf(ring, top, bottom, budget);
      // Denominators change their sign: of the ratio nothing is known.
      if (numerators?.same === true) return { ...numerators, sign: undefined };
      if (numerators?.same === false) return numerators;
      const [p, q] = [polynomialWrittenOut(top, ring), polynomialWrittenOut(bottom, ring)];
      const size = sizeOfTree(left) + sizeOfTree(right);
      return sizeOfTree(p) + sizeOfTree(q) > 4 * size + 200 ? undefined : byPoints(p, q, budget, false);
    });
    if (found !== undefined) return found;
  }
  return byPoints(left, right, budget, true);
}

function isCleared({ kind }: Generator): boolean {
  return kind === 'symbol' || kind === 'other';
}

/** Compares coefficients across: p lead(q) = q lead(p), where the leading coefficients may hold constants. */
function ratioOf(ring: Ring, p: Polynomial, q: Polynomial, budget: Budget): Proportionality | undefined {
  const [x, y] = [ring.reduce(p), ring.reduce(q)];
  if (x.size === 0 || y.size === 0) {
    if (x.size === y.size) return { same: true, sign: undefined, by: 'exact' };
    return ring.independent(x.size === 0 ? y : x) ? { same: false } : undefined;
  }
  const lead = variablePart(ring, leadingTerm(x)?.factors ?? []);
  const [cx, cy] = [coefficientOf(ring, x, lead), coefficientOf(ring, y, lead)];
  const decidable = ring.independent(x) && ring.independent(y);
  if (cy.size === 0) return decidable ? { same: false } : undefined;
  const rest = ring.reduce(addPolynomials(ring.multiply(x, cy), negatePolynomial(ring.multiply(y, cx))));
  if (rest.size > 0) return decidable ? { same: false } : undefined;
  const signs = [cx, cy].map((c) => signOfConstant(polynomialWrittenOut(c, ring), budget));
  const [sx, sy] = signs;
  const sign = sx === undefined || sy === undefined || sx * sy === 0 ? undefined : sx === sy ? 1 : -1;
  return { same: true, sign, by: 'exact' };
}

type Factors = Parameters<typeof polynomialOf>[0]['factors'];

function variablePart(ring: Ring, factors: Factors): string {
  return textOf(factors.filter(({ generator }) => isVariable(ring, generator)));
}

function isVariable(ring: Ring, generator: number): boolean {
  return freeSymbols(ring.at(generator).expression).size > 0;
}

function textOf(factors: Factors): string {
  return factors.map(({ generator, n, d }) => `${generator}^${n}/${d}`).join(' ');
}

/** The constants that stand with one product of variables. */
function coefficientOf(ring: Ring, p: Polynomial, variables: string): Polynomial {
  let result: Polynomial = new Map();
  for (const term of p.values()) {
    if (variablePart(ring, term.factors) !== variables) continue;
    const factors = term.factors.filter(({ generator }) => !isVariable(ring, generator));
    result = addPolynomials(result, polynomialOf({ factors, coefficient: term.coefficient }));
  }
  return result;
}

const POINT_BITS = 192;
const ENOUGH = 8;
const AT_LEAST = 3;

/** Whether a / b is the same at all points. */
function byPoints(a: Expression, b: Expression, budget: Budget, signed: boolean): Proportionality {
  budget.spend(4 * (sizeOfTree(a) + sizeOfTree(b)));
  const symbols = new Set([...freeSymbols(a), ...freeSymbols(b)]);
  const whole = new Set([...wholeSymbols(a), ...wholeSymbols(b)]);
  const real = !isComplex(a) && !isComplex(b);
  let first: { value: ComplexBall; largest: number } | undefined;
  let agreed = 0;
  let zeros = 0;
  for (const [index, kind] of POINT_KINDS.entries()) {
    const point = randomPoint(symbols, whole, index, kind);
    const x = sampled(a, point, POINT_BITS, budget, real);
    const y = x && sampled(b, point, POINT_BITS, budget, real);
    if (x === undefined || y === undefined) continue;
    const value = divideComplex(x.value, y.value, POINT_BITS);
    if (value === undefined) {
      zeros += 1;
      continue;
    }
    const ratio = { value, largest: 0 };
    if (first === undefined) first = ratio;
    else if (agreement(first, ratio, 96, false) === 'differ') return { same: false };
    agreed += 1;
    if (agreed >= ENOUGH) break;
  }
  if (agreed < AT_LEAST || first === undefined)
    return {
      same: undefined,
      reason: zeros > 0 ? 'a side is zero everywhere' : 'too few points with a value',
    };
  const sign = isReal(first.value) ? signOfBall(first.value.re) : undefined;
  // A ratio that is not told from zero: the left side vanishes everywhere.
  if (isReal(first.value) && (sign === undefined || sign === 0))
    return { same: undefined, reason: 'a side is zero everywhere' };
  return { same: true, sign: signed && sign !== 0 ? sign : undefined, by: 'samples' };
}
