import type { Expression, RelationExpression, RelationOperator } from '../../answer/expression.js';
import { difference } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { approximate, real, realValue, type Bindings } from './numeric.js';
import { constantValue } from './order.js';
import { elementsOf } from './structure.js';

/**
 * Sets of real numbers by what lies in them: two are taken for equal where they agree at all their ends, between
 * them, and at fixed places far and near.
 */
export interface RealSet {
  readonly contains: (x: number) => boolean;
  /** Where something may change, in any order. */
  readonly ends: readonly number[];
  /** Of an equation: its left side minus its right. */
  readonly crossing?: (x: number) => number | undefined;
}

const CLOSE = 1e-9;
const GRID: readonly number[] = [
  ...Array.from({ length: 41 }, (_, i) => i - 20),
  ...[-1e6, -5021.3, -507.77, -103.9, -61.3, -33.41, 33.41, 61.3, 103.9, 507.77, 5021.3, 1e6],
  ...Array.from({ length: 24 }, (_, i) => (i - 12) * 0.77 + 0.123),
];

/**
 * The numbers in a set whose ends are all known real constants; undefined for other sets, and for intersections: these
 * Math-Verify does not work out.
 */
export function realSetOf(e: Expression, budget: Budget): RealSet | undefined {
  budget.spend();
  const elements = elementsOf(e);
  if (elements !== undefined) {
    const values = elements.map((element) => constantValue(element, budget));
    if (!values.every((value) => value !== undefined)) return undefined;
    return { contains: (x) => values.some((value) => near(x, value)), ends: values };
  }
  if (e.kind === 'interval') {
    const [from, to] = [constantValue(e.from, budget), constantValue(e.to, budget)];
    if (from === undefined || to === undefined) return undefined;
    const inside = (x: number): boolean => {
      if (near(x, from)) return e.fromClosed;
      return near(x, to) ? e.toClosed : x > from && x < to;
    };
    return { contains: inside, ends: [from, to].filter(Number.isFinite) };
  }
  if (e.kind === 'named-set') return NAMED[e.name];
  if (e.kind !== 'set-operation') return undefined;
  const parts = e.parts.map((part) => realSetOf(part, budget));
  if (!parts.every((part) => part !== undefined)) return undefined;
  const ends = parts.flatMap((part) => part.ends);
  const [first, ...rest] = parts;
  switch (e.operation) {
    case 'union':
      return { ends, contains: (x) => parts.some((part) => part.contains(x)) };
    case 'difference':
      return { ends, contains: (x) => first?.contains(x) === true && !rest.some((part) => part.contains(x)) };
    default:
      return undefined;
  }
}

const NAMED: Readonly<Record<string, RealSet | undefined>> = {
  reals: { contains: () => true, ends: [] },
  empty: { contains: () => false, ends: [] },
  integers: { contains: Number.isInteger, ends: [] },
  naturals: { contains: (x) => Number.isInteger(x) && x > 0, ends: [] },
};

/** The numbers for which a relation or a chain of them in one symbol holds. */
export function solutionsOf(relation: RelationExpression, name: string, budget: Budget): RealSet {
  const value = (e: Expression, x: number): number | undefined =>
    realValue(approximate(e, new Map([[name, real(x)]]) satisfies Bindings, budget));
  const { operands, operators } = relation;
  const contains = (x: number): boolean => {
    const values = operands.map((operand) => value(operand, x));
    return operators.every((operator, i) => holds(operator, values[i], values[i + 1]));
  };
  const ends = operands.map((operand) => constantValue(operand, budget)).filter((end) => end !== undefined);
  if (operators.length > 1 || operators[0] !== '=') return { contains, ends };
  const sides = difference(operands[0] as Expression, operands[1] as Expression);
  return { contains, ends, crossing: (x) => value(sides, x) };
}

function holds(operator: RelationOperator, a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  switch (operator) {
    case '=':
      return near(a, b);
    case '!=':
      return !near(a, b);
    case '<':
      return a < b && !near(a, b);
    case '<=':
      return a <= b || near(a, b);
    case '>':
      return a > b && !near(a, b);
    case '>=':
      return a >= b || near(a, b);
    default:
      return false;
  }
}

/** A difference beside an interval or a finite set is not worked out either. */
export function areComparableSets(a: Expression, b: Expression): boolean {
  return !(isDifference(a) && isPlain(b)) && !(isDifference(b) && isPlain(a));
}

function isDifference(e: Expression): boolean {
  return e.kind === 'set-operation' && e.operation === 'difference';
}

function isPlain(e: Expression): boolean {
  return e.kind === 'interval' || elementsOf(e) !== undefined;
}

/** Whether two sets agree wherever they are looked at. */
export function sameRealSet(a: RealSet, b: RealSet, budget: Budget): boolean {
  const ends = [...new Set([...a.ends, ...b.ends, ...GRID])].filter(Number.isFinite).sort((x, y) => x - y);
  const places = ends.flatMap((end, i) => [end, (end + (ends[i + 1] ?? end + 2)) / 2]);
  budget.spend(places.length);
  if (places.some((x) => a.contains(x) !== b.contains(x))) return false;
  return ![a, b].some((set) => crossesOutside(set, places));
}

/** A change of sign between two places, neither of which is a solution. */
function crossesOutside({ crossing, contains }: RealSet, places: readonly number[]): boolean {
  if (crossing === undefined) return false;
  return places.some((x, i) => {
    const next = places[i + 1];
    if (next === undefined || contains(x) || contains(next)) return false;
    const [left, right] = [crossing(x), crossing(next)];
    return left !== undefined && right !== undefined && left * right < 0;
  });
}

function near(a: number, b: number): boolean {
  return (
    a === b || (Number.isFinite(a - b) && Math.abs(a - b) <= CLOSE * Math.max(1, Math.abs(a), Math.abs(b)))
  );
}
