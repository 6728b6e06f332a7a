import {
  call,
  difference,
  exact,
  fraction,
  integer,
  minus,
  power,
  product,
  quotient,
  sum,
} from '../answer/build.js';
import type {
  CallExpression,
  Expression,
  FunctionName,
  MatrixExpression,
  SeriesExpression,
} from '../answer/expression.js';
import { childrenOf, mapChildren, someExpression } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { calculated, withOperands } from './calculus.js';
import { closedForm } from './closed-form.js';
import { foldConstants } from './constant-folding.js';
import { determinantOf, rankOf, traceOf } from './determinant.js';
import { rational } from './rational.js';

/**
 * The same number in fewer forms: percent, degrees, ratios, numerals in other bases, determinants, sums with a closed
 * form, and the functions that others define are written out. What is left are numbers, constants, symbols, sums,
 * products, powers, the functions that `DEFINED` does not list, applications, series and opaque parts. Nothing where `e` is no
 * scalar.
 */
export function scalarForm(e: Expression, budget: Budget, depth = 0): Expression | undefined {
  budget.spend(2);
  budget.allowNesting(depth);
  switch (e.kind) {
    case 'number':
    case 'symbol':
      return e;
    case 'constant':
      return e.name === 'golden-ratio'
        ? product(fraction(1, 2), sum(integer(1), power(integer(5), fraction(1, 2))))
        : e;
    case 'based':
      budget.spend(e.digits.length);
      budget.allowBits(5 * e.digits.length);
      return numeral(e.digits, e.base);
    case 'product': {
      const applied = withOperands(e);
      return applied === e
        ? withParts(e, budget, depth, (parts) => parts)
        : scalarForm(applied, budget, depth + 1);
    }
    case 'percent':
    case 'degrees':
    case 'sum':
    case 'power':
    case 'application':
      return withParts(e, budget, depth, (parts) => {
        if (parts.kind === 'percent') return product(fraction(1, 100), parts.value);
        if (parts.kind === 'degrees')
          return product(fraction(1, 180), { kind: 'constant', name: 'pi' }, parts.value);
        return parts;
      });
    case 'ratio':
      if (e.parts.length !== 2 || e.meridiem !== undefined) return undefined;
      return withParts(e, budget, depth, (ratio) =>
        ratio.kind === 'ratio' && ratio.parts[0] && ratio.parts[1]
          ? quotient(ratio.parts[0], ratio.parts[1])
          : undefined,
      );
    case 'matrix':
      return e.determinant === true ? ofMatrix('determinant', e, budget, depth) : undefined;
    case 'call':
      return ofCall(e, budget, depth);
    case 'series':
      return withParts(e, budget, depth, (parts) =>
        parts.kind === 'series'
          ? ((hasIndexedNames(parts) ? undefined : closedForm(parts, budget)) ?? withOwnIndex(parts))
          : parts,
      );
    case 'opaque': {
      const parts = e.parts.map((part) => scalarForm(part, budget, depth + 1) ?? part);
      const form = { ...e, parts };
      return calculated(form, budget) ?? form;
    }
    default:
      return undefined;
  }
}

/** The name of an index means nothing: it is called after how many series stand within it. */
function withOwnIndex(series: SeriesExpression): Expression {
  const index = `#${String(seriesWithin(series.body) + 1)}`;
  return { ...series, index, body: renamed(series.body, series.index, index) };
}

/** Whether terms are named by the index, as a_k is: then they differ although no k stands in them. */
function hasIndexedNames({ body, index }: SeriesExpression): boolean {
  return someExpression(body, (e) => e.kind === 'symbol' && e.name.endsWith(`_${index}`));
}

/** An index under another name, also where it is a subscript: `a_k`. */
function renamed(e: Expression, from: string, to: string): Expression {
  if (e.kind === 'symbol') {
    if (e.name === from) return { ...e, name: to };
    return e.name.endsWith(`_${from}`) ? { ...e, name: `${e.name.slice(0, -from.length)}${to}` } : e;
  }
  return mapChildren(e, (part) => renamed(part, from, to));
}

function seriesWithin(e: Expression): number {
  const deepest = Math.max(0, ...childrenOf(e).map(seriesWithin));
  return e.kind === 'series' ? deepest + 1 : deepest;
}

function withParts(
  e: Expression,
  budget: Budget,
  depth: number,
  make: (e: Expression) => Expression | undefined,
): Expression | undefined {
  let scalar = true;
  let changed = false;
  const parts = mapChildren(e, (part) => {
    const form = scalarForm(part, budget, depth + 1);
    if (form === undefined) scalar = false;
    if (form !== part) changed = true;
    return form ?? part;
  });
  return scalar ? make(changed ? parts : e) : undefined;
}

/** Value of digits and capital letters, with an optional point, in a base from 2 to 36. */
function numeral(digits: string, base: number): Expression | undefined {
  if (!(base >= 2 && base <= 36)) return undefined;
  let value = 0n;
  let below = 1n;
  let point = false;
  for (const digit of digits) {
    if (digit === '.' && !point) {
      point = true;
      continue;
    }
    const code = digit.charCodeAt(0);
    const worth = code >= 48 && code <= 57 ? code - 48 : code >= 65 && code <= 90 ? code - 55 : 36;
    if (worth >= base) return undefined;
    value = value * BigInt(base) + BigInt(worth);
    if (point) below *= BigInt(base);
  }
  return exact(rational(value, below));
}

function ofMatrix(
  name: FunctionName,
  e: MatrixExpression,
  budget: Budget,
  depth: number,
): Expression | undefined {
  switch (name) {
    case 'determinant':
    case 'abs': {
      const whole = determinantOf(e.rows, budget);
      return whole && scalarForm(whole, budget, depth + 1);
    }
    case 'trace': {
      const whole = traceOf(e.rows);
      return whole && scalarForm(whole, budget, depth + 1);
    }
    case 'norm':
      return norm(e.rows.flat(), budget, depth);
    case 'rank': {
      const rank = rankOf(e.rows, budget);
      return rank === undefined ? undefined : integer(rank);
    }
    default:
      return undefined;
  }
}

function norm(items: readonly Expression[], budget: Budget, depth: number): Expression | undefined {
  const squares = items.map((item) => power(item, integer(2)));
  return squares.length === 0
    ? undefined
    : scalarForm(power(sum(...squares), fraction(1, 2)), budget, depth + 1);
}

function ofCall(e: CallExpression, budget: Budget, depth: number): Expression | undefined {
  const [first] = e.args;
  if (first?.kind === 'matrix' && first.determinant !== true) return ofMatrix(e.name, first, budget, depth);
  if (e.name === 'norm' && first !== undefined && (first.kind === 'tuple' || first.kind === 'list'))
    return norm(first.items, budget, depth);
  return withParts(e, budget, depth, (form) => {
    if (form.kind !== 'call') return form;
    const [x, y] = form.args;
    if (x === undefined) return undefined;
    const rule = DEFINED[form.name];
    if (rule === undefined) return foldConstants(form, budget);
    const made = rule(x, y);
    // What a definition is made of may be folded in its turn: floor in ceil, factorials in permutations.
    return made === undefined || !FOLDED.has(form.name) ? made : scalarForm(made, budget, depth + 1);
  });
}

/** Definitions that contain functions of whole numbers. */
const FOLDED = new Set<FunctionName>(['ceil', 'round', 'fractional-part', 'mod', 'permutations']);

const ONE = integer(1);
const HALF = fraction(1, 2);
const E: Expression = { kind: 'constant', name: 'e' };
const exp = (x: Expression): Expression => power(E, x);
const over = (x: Expression): Expression => power(x, integer(-1));
const root = (x: Expression): Expression => power(x, HALF);
const square = (x: Expression): Expression => power(x, integer(2));
const floor = (x: Expression): Expression => call('floor', x);

type Definition = (x: Expression, y: Expression | undefined) => Expression | undefined;

/** Functions that others define. */
const DEFINED: Partial<Record<FunctionName, Definition>> = {
  tan: (x) => quotient(call('sin', x), call('cos', x)),
  cot: (x) => quotient(call('cos', x), call('sin', x)),
  sec: (x) => over(call('cos', x)),
  csc: (x) => over(call('sin', x)),
  arccot: (x) => difference(product(HALF, { kind: 'constant', name: 'pi' }), call('arctan', x)),
  arcsec: (x) => call('arccos', over(x)),
  arccsc: (x) => call('arcsin', over(x)),
  exp: (x) => exp(x),
  sinh: (x) => product(HALF, difference(exp(x), exp(minus(x)))),
  cosh: (x) => product(HALF, sum(exp(x), exp(minus(x)))),
  tanh: (x) => quotient(difference(exp(x), exp(minus(x))), sum(exp(x), exp(minus(x)))),
  coth: (x) => quotient(sum(exp(x), exp(minus(x))), difference(exp(x), exp(minus(x)))),
  sech: (x) => quotient(integer(2), sum(exp(x), exp(minus(x)))),
  csch: (x) => quotient(integer(2), difference(exp(x), exp(minus(x)))),
  arsinh: (x) => call('ln', sum(x, root(sum(square(x), ONE)))),
  arcosh: (x) => call('ln', sum(x, product(root(difference(x, ONE)), root(sum(x, ONE))))),
  artanh: (x) => product(HALF, difference(call('ln', sum(ONE, x)), call('ln', difference(ONE, x)))),
  log: (x, base) => quotient(call('ln', x), call('ln', base ?? integer(10))),
  ceil: (x) => minus(floor(minus(x))),
  round: (x) => floor(sum(x, HALF)),
  'fractional-part': (x) => difference(x, floor(x)),
  mod: (x, y) => y && difference(x, product(y, floor(quotient(x, y)))),
  permutations: (n, k) => k && quotient(call('factorial', n), call('factorial', difference(n, k))),
  norm: (x) => call('abs', x),
  transpose: (x) => x,
  determinant: (x) => x,
  trace: (x) => x,
  rank: () => undefined,
};
