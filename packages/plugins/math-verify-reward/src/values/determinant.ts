import { integer, minus, product, sum } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { exactValue } from './exact-value.js';
import { add, divide, multiply, negate, type Rational } from './rational.js';
import { workOfGcd } from './integer-functions.js';
import { bitLength } from './ball.js';

export type Rows = readonly (readonly Expression[])[];

/** Largest matrix whose determinant is written out. */
const LARGEST = 5;

function isSquare(rows: Rows): boolean {
  return rows.length > 0 && rows.every((row) => row.length === rows.length);
}

/** The determinant by expansion along the first row, of at most 5 rows. */
export function determinantOf(rows: Rows, budget: Budget): Expression | undefined {
  if (!isSquare(rows) || rows.length > LARGEST) return undefined;
  budget.spend(1 + rows.length);
  const [first, ...below] = rows;
  if (first === undefined) return undefined;
  if (below.length === 0) return first[0];
  const terms: Expression[] = [];
  for (const [column, entry] of first.entries()) {
    if (entry.kind === 'number' && entry.value.n === 0n) continue;
    const rest = determinantOf(
      below.map((row) => row.filter((_, other) => other !== column)),
      budget,
    );
    if (rest === undefined) return undefined;
    terms.push(product(column % 2 === 0 ? entry : minus(entry), rest));
  }
  return terms.length === 0 ? integer(0) : sum(...terms);
}

export function traceOf(rows: Rows): Expression | undefined {
  if (!isSquare(rows)) return undefined;
  return sum(...rows.map((row, index) => row[index] ?? integer(0)));
}

/** Rank of a matrix of fractions, by elimination. */
export function rankOf(rows: Rows, budget: Budget): number | undefined {
  let left: Rational[][] = [];
  for (const row of rows) {
    const values: Rational[] = [];
    for (const entry of row) {
      const value = exactValue(entry, budget);
      if (value === undefined) return undefined;
      values.push(value);
    }
    left.push(values);
  }
  const columns = Math.max(0, ...left.map((row) => row.length));
  let rank = 0;
  for (let column = 0; column < columns; column += 1) {
    const pivot = left.find((row) => (row[column]?.n ?? 0n) !== 0n);
    const lead = pivot?.[column];
    if (pivot === undefined || lead === undefined) continue;
    rank += 1;
    left = left
      .filter((row) => row !== pivot)
      .map((row) => {
        const factor = row[column];
        if (factor === undefined || factor.n === 0n) return row;
        const times = negate(divide(factor, lead));
        budget.spend(row.length * 4 * workOfGcd(bitLength(times.n) + bitLength(times.d) + 64));
        return row.map((value, index) => add(value, multiply(times, pivot[index] ?? { n: 0n, d: 1n })));
      });
  }
  return rank;
}
