import { call, integer, product, sum } from '../answer/build.js';
import type { Expression, MatrixExpression } from '../answer/expression.js';
import { mapChildren, someExpression } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { freeSymbols } from '../values/free-symbols.js';
import { comparePairs, different, type Comparison, type Decision } from './decision.js';

type Rows = readonly (readonly Expression[])[];

/** Matrices and vectors element by element, sums and products of them multiplied out first. */
export function compareMatrices(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  const { budget, compare } = comparison;
  const [along, across] = [componentsOf(gold), componentsOf(prediction)];
  if (along !== undefined && (across !== undefined || isVector(prediction)))
    return compare(along, across ?? prediction);
  if (across !== undefined && isVector(gold)) return compare(gold, across);
  if (!someExpression(gold, isMatrix) && !someExpression(prediction, isMatrix)) return undefined;
  if (isDeterminant(gold)) return compare(call('determinant', { ...gold, determinant: false }), prediction);
  if (isDeterminant(prediction))
    return compare(gold, call('determinant', { ...prediction, determinant: false }));
  const [expected, found] = [rowsOf(gold, budget), rowsOf(prediction, budget)];
  if (expected === undefined && found === undefined) return undefined;
  const [a, b] = [expected ?? vectorOf(gold, found), found ?? vectorOf(prediction, expected)];
  if (a === undefined || b === undefined) return different('a matrix against something that is none');
  if (a.length !== b.length || a.some((row, index) => row.length !== b[index]?.length))
    return different(`a ${sizeOf(a)} matrix is expected, this one is ${sizeOf(b)}`);
  return comparePairs(a.flat(), b.flat(), comparison);
}

function isVector(e: Expression): boolean {
  return e.kind === 'tuple' || e.kind === 'matrix';
}

/** Unit vectors by the letters they are written with, under hats, arrows or in bold. */
const AXES = ['i', 'j', 'k'] as const;

/**
 * `2i - 3j + k` as a tuple of two or three; undefined where j and k are not in it, anything else unknown is, or they are
 * variables: `k(k + 1)` would have the components of `2k`.
 */
function componentsOf(e: Expression): Expression | undefined {
  if (e.kind !== 'sum' && e.kind !== 'product' && e.kind !== 'symbol') return undefined;
  const axes = [...freeSymbols(e)].map((name) => AXES.find((axis) => UNIT_VECTOR.exec(name)?.[1] === axis));
  if (!axes.some((axis) => axis === 'j' || axis === 'k') || axes.includes(undefined)) return undefined;
  if (!isCombinationOfUnits(e)) return undefined;
  const places = axes.includes('k') ? AXES : AXES.slice(0, 2);
  const items = places.map((axis) => mapUnits(e, (other) => integer(other === axis ? 1 : 0)));
  return { kind: 'tuple', items, open: '(', close: ')' };
}

/** Every term is a unit vector times numbers. */
function isCombinationOfUnits(e: Expression): boolean {
  if (e.kind === 'sum') return e.terms.every(isCombinationOfUnits);
  if (e.kind !== 'product') return isUnit(e);
  const vectors = e.factors.filter((factor) => someExpression(factor, isUnit));
  return vectors.length === 1 && vectors.every(isCombinationOfUnits);
}

function isUnit(e: Expression): boolean {
  return e.kind === 'symbol' ? UNIT_VECTOR.test(e.name) : e.kind === 'constant' && e.name === 'i';
}

const UNIT_VECTOR = /^(?:(?:hat|vec|bar|overrightarrow)\{)?([ijk])\}?$/u;

/** Unit vectors replaced; a plain i beside j is one too. */
function mapUnits(e: Expression, value: (axis: string) => Expression): Expression {
  if (e.kind === 'constant' && e.name === 'i') return value('i');
  if (e.kind === 'symbol') return value(UNIT_VECTOR.exec(e.name)?.[1] ?? '');
  return mapChildren(e, (part) => mapUnits(part, value));
}

function isMatrix(e: Expression): e is MatrixExpression {
  return e.kind === 'matrix';
}

function isDeterminant(e: Expression): e is MatrixExpression {
  return e.kind === 'matrix' && e.determinant === true;
}

/** A tuple or list as the row or column that the other side is. */
function vectorOf(e: Expression, like: Rows | undefined): Rows | undefined {
  if (like === undefined || (e.kind !== 'tuple' && e.kind !== 'list')) return undefined;
  if (like.length === 1) return [e.items];
  return like.every((row) => row.length === 1) ? e.items.map((item) => [item]) : undefined;
}

function sizeOf(rows: Rows): string {
  return `${String(rows.length)} by ${String(rows[0]?.length ?? 0)}`;
}

/** Largest power of a matrix that is multiplied out. */
const MOST_POWERS = 64n;

/** Elements of a matrix expression; undefined for what is no matrix or does not fit together. */
function rowsOf(e: Expression, budget: Budget): Rows | undefined {
  budget.spend();
  switch (e.kind) {
    case 'matrix':
      // Rows of different lengths are a slip of the pen: nothing can be computed with them.
      return e.rows.every((row) => row.length === e.rows[0]?.length) ? e.rows : undefined;
    case 'sum': {
      const terms = e.terms.map((term) => rowsOf(term, budget));
      const [first, ...rest] = terms;
      if (first === undefined) return undefined;
      return rest.reduce<Rows | undefined>((total, rows) => added(total, rows), first);
    }
    case 'product':
      return multiplied(e.factors, budget);
    case 'power': {
      const rows = rowsOf(e.base, budget);
      if (rows === undefined || e.exponent.kind !== 'number' || e.exponent.value.d !== 1n) return undefined;
      const exponent = e.exponent.value.n;
      if (exponent < 1n || exponent > MOST_POWERS) return undefined;
      return multiplied(
        Array.from({ length: Number(exponent) }, () => e.base),
        budget,
      );
    }
    case 'call': {
      const [matrix] = e.args;
      const rows = e.name === 'transpose' && matrix !== undefined ? rowsOf(matrix, budget) : undefined;
      return rows?.[0]?.map((_, column) => rows.map((row) => row[column] as Expression));
    }
    default:
      return undefined;
  }
}

function added(a: Rows | undefined, b: Rows | undefined): Rows | undefined {
  if (a === undefined || b?.length !== a.length || a.some((row, i) => row.length !== b[i]?.length))
    return undefined;
  return a.map((row, i) => row.map((element, j) => sum(element, b[i]?.[j] as Expression)));
}

/** Numbers among the factors scale the product of the matrices, which keep their order. */
function multiplied(factors: readonly Expression[], budget: Budget): Rows | undefined {
  const scalars: Expression[] = [];
  let total: Rows | undefined;
  for (const factor of factors) {
    const rows = rowsOf(factor, budget);
    if (rows === undefined) scalars.push(factor);
    else if (total === undefined) total = rows;
    else if (total[0]?.length === rows.length) total = dot(total, rows, budget);
    else return undefined;
  }
  if (total === undefined || scalars.length === 0) return total;
  return total.map((row) => row.map((element) => product(...scalars, element)));
}

function dot(a: Rows, b: Rows, budget: Budget): Rows {
  budget.spend(a.length * b.length * (b[0]?.length ?? 0));
  return a.map((row) =>
    (b[0] ?? []).map((_, column) =>
      row.reduce<Expression>((total, element, k) => {
        const term = product(element, b[k]?.[column] as Expression);
        return k === 0 ? term : sum(total, term);
      }, integer(0)),
    ),
  );
}
