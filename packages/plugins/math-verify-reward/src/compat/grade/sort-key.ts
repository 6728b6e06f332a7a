import type { Expression, SumExpression } from '../../answer/expression.js';
import { integer, product } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { printedName } from '../latex/compat-value.js';
import { partsOf } from '../latex/relations.js';
import { unwrapped } from './assignments.js';
import { constantValue } from './order.js';
import { sameStructure } from './structure.js';

/** A nested list that is compared part by part, the shorter of two first where one begins like the other. */
export type SortKey = number | string | readonly SortKey[];

/**
 * Where an element stands in a set, the value of an assignment for the assignment: sympy's order of the evaluated
 * expressions. Kind, parts, exponent and coefficient decide, in this order.
 */
export function sortKey(e: Expression, budget: Budget): SortKey {
  return keyOf(unwrapped(e), budget);
}

const NUMBER: SortKey = [1, 0, 'Number'];
const ONE: SortKey = [NUMBER, [0, []], [], 1];

function keyOf(e: Expression, budget: Budget): SortKey {
  budget.spend();
  const number = constantValue(e, budget);
  if (number !== undefined) return [NUMBER, [0, []], [], number];
  const { coefficient, factors } = factored(e.kind === 'sum' ? withoutLikeTerms(e, budget) : e, budget);
  const [only] = factors;
  if (factors.length !== 1 || only === undefined)
    return keyWith([3, 0, 'Mul'], ordered(factors, budget), ONE, coefficient);
  const [base, exponent] = only.kind === 'power' ? [only.base, keyOf(only.exponent, budget)] : [only, ONE];
  if (base.kind === 'constant' && base.name === 'e')
    return keyWith([4, 10, 'exp'], [exponent], ONE, coefficient);
  if (base.kind === 'symbol') return [[2, 0, 'Symbol'], [1, [printedName(base.name)]], exponent, coefficient];
  if (base.kind === 'constant') return [[2, 0, base.name], [1, [base.name]], exponent, coefficient];
  if (base.kind === 'sum')
    return keyWith([3, 1, 'Add'], orderedTerms(base.terms, budget), exponent, coefficient);
  const parts = partsOf(base).map((part) => keyOf(part, budget));
  return keyWith(classOf(base), parts, exponent, coefficient);
}

function keyWith(kind: SortKey, parts: readonly SortKey[], exponent: SortKey, coefficient: number): SortKey {
  return [kind, [parts.length, parts], exponent, coefficient];
}

/** Functions that sympy lists before all others, with their place. */
const FUNCTIONS: Partial<Record<string, readonly [number, string]>> = {
  exp: [10, 'exp'],
  ln: [11, 'log'],
  log: [11, 'log'],
  sin: [20, 'sin'],
  cos: [21, 'cos'],
  tan: [22, 'tan'],
  cot: [23, 'cot'],
  sinh: [30, 'sinh'],
  cosh: [31, 'cosh'],
  tanh: [32, 'tanh'],
  coth: [33, 'coth'],
};
const OTHER_FUNCTION = 10_000;

function classOf(e: Expression): SortKey {
  if (e.kind === 'application') return [4, 0, e.name];
  if (e.kind === 'product') return [3, 0, 'Mul'];
  if (e.kind === 'power') return [3, 2, 'Pow'];
  if (e.kind === 'call') return [4, ...(FUNCTIONS[e.name] ?? [OTHER_FUNCTION, e.name])];
  return [5, 0, e.kind];
}

/** `a + a` evaluates to `2a`; other sums stay as they are. */
function withoutLikeTerms(e: SumExpression, budget: Budget): Expression {
  const [first, ...rest] = e.terms;
  if (first === undefined || !rest.every((term) => sameStructure(first, term, budget))) return e;
  return product(integer(e.terms.length), first);
}

interface Factored {
  readonly coefficient: number;
  readonly factors: readonly Expression[];
}

/** Constant factors as one number, and the others; a product within a product counts as its factors. */
function factored(e: Expression, budget: Budget): Factored {
  let coefficient = 1;
  const factors: Expression[] = [];
  const left = [e];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    budget.spend();
    const number = constantValue(part, budget);
    if (number !== undefined) coefficient *= number;
    else if (part.kind === 'product') for (const inner of part.factors) left.push(inner);
    else factors.push(part);
  }
  return { coefficient, factors };
}

function ordered(parts: readonly Expression[], budget: Budget): readonly SortKey[] {
  return parts.map((part) => keyOf(part, budget)).sort(compareKeys);
}

/** Terms as of a polynomial in what they are made of: the highest power of the first of these first. */
function orderedTerms(terms: readonly Expression[], budget: Budget): readonly SortKey[] {
  const monomials = terms.map((term) => ({ key: keyOf(term, budget), powers: powersOf(term, budget) }));
  const bases = new Map(monomials.flatMap(({ powers }) => [...powers].map(([id, { base }]) => [id, base])));
  const generators = [...bases].sort(([, a], [, b]) => compareKeys(a, b)).map(([id]) => id);
  budget.spend(generators.length * terms.length);
  return monomials
    .map(({ key, powers }) => ({ key, degrees: generators.map((id) => -(powers.get(id)?.degree ?? 0)) }))
    .sort((a, b) => compareKeys(a.degrees, b.degrees) || compareKeys(a.key, b.key))
    .map(({ key }) => key);
}

interface Power {
  readonly base: SortKey;
  readonly degree: number;
}

function powersOf(term: Expression, budget: Budget): ReadonlyMap<string, Power> {
  const powers = new Map<string, Power>();
  for (const factor of factored(term, budget).factors) {
    const exponent = factor.kind === 'power' ? constantValue(factor.exponent, budget) : undefined;
    const base = keyOf(factor.kind === 'power' && exponent !== undefined ? factor.base : factor, budget);
    const degree = exponent ?? 1;
    const id = JSON.stringify(base);
    powers.set(id, { base, degree: degree + (powers.get(id)?.degree ?? 0) });
  }
  return powers;
}

export function compareKeys(a: SortKey, b: SortKey): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.sign(a - b) || 0;
  if (typeof a === 'string' || typeof b === 'string' || typeof a === 'number' || typeof b === 'number')
    return String(a) === String(b) ? 0 : String(a) < String(b) ? -1 : 1;
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const result = compareKeys(part, other);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

export function sorted(items: readonly Expression[], budget: Budget): readonly Expression[] {
  budget.spend(items.length);
  return items
    .map((item) => ({ item, key: sortKey(item, budget) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ item }) => item);
}
