import type { Expression } from '../../answer/expression.js';
import { call, integer, power, product, sum } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { add, invert, multiply, negate, ONE, ZERO, type Rational } from '../../values/rational.js';
import { isMatrix } from '../latex/construct.js';

type Rows = readonly (readonly Expression[])[];

/**
 * Entries of a matrix or of a sum, product or transpose of matrices; undefined where the shapes do not fit. Powers stay
 * as they are: Math-Verify does not work them out.
 */
export function entriesOf(e: Expression, budget: Budget): Rows | undefined {
  budget.spend();
  if (e.kind === 'matrix') return e.rows;
  if (e.kind === 'sum') return combined(e.terms, budget, addMatrices);
  if (e.kind === 'product') return productOf(e.factors, budget);
  if (e.kind === 'call' && e.name === 'transpose') {
    const rows = e.args[0] === undefined ? undefined : entriesOf(e.args[0], budget);
    return rows?.[0]?.map((_, column) => rows.map((row) => row[column] as Expression));
  }
  return undefined;
}

function combined(
  parts: readonly Expression[],
  budget: Budget,
  join: (a: Rows, b: Rows, budget: Budget) => Rows | undefined,
): Rows | undefined {
  let total: Rows | undefined;
  for (const part of parts) {
    const rows = entriesOf(part, budget);
    if (rows === undefined) return undefined;
    total = total === undefined ? rows : join(total, rows, budget);
    if (total === undefined) return undefined;
  }
  return total;
}

function productOf(factors: readonly Expression[], budget: Budget): Rows | undefined {
  const scalars = factors.filter((factor) => !isMatrix(factor));
  const rows = combined(factors.filter(isMatrix), budget, multiplyMatrices);
  if (rows === undefined || scalars.length === 0) return rows;
  return rows.map((row) => row.map((entry) => product(...scalars, entry)));
}

function addMatrices(a: Rows, b: Rows): Rows | undefined {
  if (a.length !== b.length || a[0]?.length !== b[0]?.length) return undefined;
  return a.map((row, i) => row.map((entry, j) => sum(entry, b[i]?.[j] as Expression)));
}

function multiplyMatrices(a: Rows, b: Rows, budget: Budget): Rows | undefined {
  if (a[0]?.length !== b.length) return undefined;
  return a.map((row) =>
    (b[0] ?? []).map((_, j) => {
      budget.spend(row.length);
      return sum(...row.map((entry, k) => product(entry, b[k]?.[j] as Expression)));
    }),
  );
}

/** The determinant, trace or norm of a matrix written out; other expressions as they are. */
export function withoutMatrices(e: Expression, budget: Budget): Expression {
  budget.spend();
  if (e.kind === 'sum') return sum(...e.terms.map((term) => withoutMatrices(term, budget)));
  if (e.kind === 'product') return product(...e.factors.map((factor) => withoutMatrices(factor, budget)));
  if (e.kind === 'power') return { ...e, base: withoutMatrices(e.base, budget) };
  const [argument] = e.kind === 'call' ? e.args : [];
  if (e.kind !== 'call' || argument === undefined || !isMatrix(argument)) return e;
  const rows = entriesOf(argument, budget);
  if (rows === undefined) return e;
  if (e.name === 'determinant' && rows.length === rows[0]?.length && rows.length <= 6)
    return determinant(rows, budget);
  if (e.name === 'trace') return sum(...rows.map((row, i) => row[i] as Expression));
  if (e.name === 'rank') return rankOf(rows, budget);
  if (e.name === 'norm')
    return power(sum(...rows.flat().map((entry) => power(call('abs', entry), integer(2)))), {
      kind: 'number',
      value: { n: 1n, d: 2n },
    });
  return e;
}

/** Of a matrix of numbers, by elimination; of any other as it is. */
function rankOf(rows: Rows, budget: Budget): Expression {
  const values = rows.map((row) => row.map((entry) => (entry.kind === 'number' ? entry.value : undefined)));
  if (values.flat().includes(undefined)) return call('rank', { kind: 'matrix', rows });
  const left = values as Rational[][];
  let rank = 0;
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const at = left.findIndex((row, i) => i >= rank && row[column]?.n !== 0n);
    const pivot = left[at];
    if (pivot === undefined) continue;
    left.splice(at, 1);
    left.splice(rank++, 0, pivot);
    for (let i = rank; i < left.length; i++) {
      const factor = multiply(left[i]?.[column] ?? ZERO, negate(invert(pivot[column] ?? ONE)));
      budget.spend(pivot.length);
      left[i] = pivot.map((value, j) => add(left[i]?.[j] ?? ZERO, multiply(value, factor)));
    }
  }
  return integer(rank);
}

function determinant(rows: Rows, budget: Budget): Expression {
  budget.spend(rows.length);
  const [first = [], ...rest] = rows;
  if (rest.length === 0) return first[0] as Expression;
  return sum(
    ...first.map((entry, column) => {
      const minor = determinant(
        rest.map((row) => row.filter((_, j) => j !== column)),
        budget,
      );
      return product(integer(column % 2 === 0 ? 1 : -1), entry, minor);
    }),
  );
}
