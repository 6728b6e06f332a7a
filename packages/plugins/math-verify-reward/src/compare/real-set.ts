import { fraction, integer, minus, sum } from '../answer/build.js';
import type { Expression, IntervalExpression, RelationExpression } from '../answer/expression.js';
import { substitute } from '../answer/tree.js';
import { freeSymbols } from '../values/constant.js';
import { asInterval } from './collections.js';
import { different, same, undecided, type Comparison, type Decision } from './decision.js';
import { isInfinite, order } from './order.js';
import type { Budget } from '../budget.js';

/** A set of real numbers, however it was written. */
interface RealSet {
  /**
   * All finite places where membership can change; undefined for conditions like `x^2 < 4`, whose places are known
   * only once they are solved.
   */
  readonly breakpoints: readonly Expression[] | undefined;
  /** Whether a real constant belongs to it; undefined where that cannot be told. */
  readonly has: (x: Expression) => boolean | undefined;
  /** The unknown of a condition. */
  readonly unknown?: string;
}

/** More breakpoints than this are no answer of a person. */
const MOST_BREAKPOINTS = 40;

/**
 * Intervals, unions and inequalities of one unknown as sets of real numbers: they must agree at every breakpoint of the
 * sides that name theirs, between those, and beyond. A side that does not (`x^2 < 4`) is also asked on a grid, since its
 * own breakpoints could lie elsewhere. At least one side must name its breakpoints.
 */
export function compareRealSets(
  gold: Expression,
  prediction: Expression,
  { budget }: Comparison,
): Omit<Decision, 'rule'> | undefined {
  if (!isRegion(gold) && !isRegion(prediction)) return undefined;
  const [expected, found] = [realSetOf(gold, budget), realSetOf(prediction, budget)];
  if (expected === undefined || found === undefined) return undefined;
  const decision = compareSets(expected, found, budget);
  if (decision?.equal === true) return decision;
  // "x > 1, x < 3" may also mean that both hold.
  const [allExpected, allFound] = [allOf(gold, budget), allOf(prediction, budget)];
  if (allExpected === undefined && allFound === undefined) return decision;
  const joint = compareSets(allExpected ?? expected, allFound ?? found, budget);
  return joint?.equal === true ? joint : decision;
}

function compareSets(expected: RealSet, found: RealSet, budget: Budget): Omit<Decision, 'rule'> | undefined {
  if (expected.unknown !== undefined && found.unknown !== undefined && expected.unknown !== found.unknown)
    return different(`conditions on ${expected.unknown} and on ${found.unknown}`);
  const explicit = [...(expected.breakpoints ?? []), ...(found.breakpoints ?? [])];
  const bothHidden = expected.breakpoints === undefined && found.breakpoints === undefined;
  if (bothHidden || explicit.length > MOST_BREAKPOINTS) return undefined;
  const breakpoints = sorted(explicit, budget);
  if (breakpoints === undefined) return undefined;
  const hidden = expected.breakpoints === undefined || found.breakpoints === undefined;
  for (const x of [...breakpoints, ...between(breakpoints), ...(hidden ? GRID : [])]) {
    const [inGold, inPrediction] = [expected.has(x), found.has(x)];
    if (inGold === undefined || inPrediction === undefined)
      return undecided('membership of a point could not be told');
    if (inGold !== inPrediction) return different('a point belongs to one of the sets only');
  }
  return same('the same set of real numbers');
}

/** Multiples of 1/2 near zero and a few points beyond: where a condition of a person changes its truth unseen. */
const GRID: readonly Expression[] = [
  ...Array.from({ length: 81 }, (_, i) => fraction(i - 40, 2)),
  ...[-1000, -317, -100, -37, 37, 100, 317, 1000].map((n) => integer(n)),
];

/** Whether the notation says that a set of real numbers is meant, as `(1, 2)` or `x = 1` does not. */
function isRegion(e: Expression): boolean {
  switch (e.kind) {
    case 'interval':
      return true;
    case 'set-operation':
      return e.parts.every(
        (part) => isRegion(part) || part.kind === 'tuple' || part.kind === 'set' || isReals(part),
      );
    case 'relation':
      return (
        e.operators.every((operator) => /^[<>]=?$|^!=$/u.test(operator)) ||
        isRegion(memberOf(e) ?? integer(0))
      );
    case 'list':
      return e.items.length > 0 && e.items.every(isRegion);
    case 'set-builder':
      return e.conditions.every(isRegion);
    default:
      return false;
  }
}

function isReals(e: Expression): boolean {
  return e.kind === 'named-set' && e.name === 'reals';
}

/** S of `x \in S`. */
function memberOf({ operators, operands }: RelationExpression): Expression | undefined {
  return operators.length === 1 && operators[0] === 'in' ? operands[1] : undefined;
}

function realSetOf(e: Expression, budget: Budget): RealSet | undefined {
  budget.spend();
  switch (e.kind) {
    case 'interval':
    case 'tuple': {
      const interval = e.kind === 'tuple' && e.open === '<' ? undefined : asInterval(e);
      return interval === undefined ? undefined : intervalSet(interval, budget);
    }
    case 'set':
      return pointSet(e.items, budget);
    case 'named-set':
      return e.name === 'reals' || e.name === 'empty'
        ? { breakpoints: [], has: () => e.name === 'reals' }
        : undefined;
    case 'set-operation':
      return operationSet(e.operation, e.parts, budget);
    // Several conditions side by side are alternatives, if no word says otherwise.
    case 'list':
      return operationSet(e.joined === 'and' ? 'intersection' : 'union', e.items, budget);
    case 'relation':
      return conditionSet(e, budget);
    case 'set-builder': {
      const [condition] = e.conditions;
      if (condition === undefined || e.conditions.length !== 1) return undefined;
      const set = realSetOf(condition, budget);
      // `{2x : x > 2}` and `{x \in Z : x > 2}` hold other numbers than the condition says.
      return set?.unknown !== undefined && set.unknown === realElement(e.element) ? set : undefined;
    }
    default:
      return undefined;
  }
}

/** Name of the element of `{x : ...}` and `{x \in R : ...}`. */
function realElement(element: Expression): string | undefined {
  if (element.kind === 'symbol') return element.name;
  if (element.kind !== 'relation' || !isReals(memberOf(element) ?? element)) return undefined;
  const [name] = element.operands;
  return name?.kind === 'symbol' ? name.name : undefined;
}

/** Where all conditions of a list hold; undefined for alternatives. */
function allOf(e: Expression, budget: Budget): RealSet | undefined {
  return e.kind === 'list' && e.joined !== 'or' ? operationSet('intersection', e.items, budget) : undefined;
}

function intervalSet(
  { from, to, fromClosed, toClosed }: IntervalExpression,
  budget: Budget,
): RealSet | undefined {
  if (freeSymbols(from).size > 0 || freeSymbols(to).size > 0) return undefined;
  return {
    breakpoints: [from, to].filter((end) => !isInfinite(end, budget)),
    has: (x) => {
      const [low, high] = [order(from, x, budget), order(x, to, budget)];
      if (low === undefined || high === undefined) return undefined;
      return (low < 0 || (low === 0 && fromClosed)) && (high < 0 || (high === 0 && toClosed));
    },
  };
}

function pointSet(points: readonly Expression[], budget: Budget): RealSet | undefined {
  if (points.some((point) => freeSymbols(point).size > 0)) return undefined;
  return { breakpoints: points, has: (x) => some(points.map((point) => equalPoints(point, x, budget))) };
}

function equalPoints(a: Expression, b: Expression, budget: Budget): boolean | undefined {
  const found = order(a, b, budget);
  return found === undefined ? undefined : found === 0;
}

function operationSet(
  operation: 'union' | 'intersection' | 'difference' | 'complement' | 'product',
  parts: readonly Expression[],
  budget: Budget,
): RealSet | undefined {
  if (operation === 'complement' || operation === 'product') return undefined;
  const sets = parts.map((part) => realSetOf(part, budget));
  const known = sets.filter((set) => set !== undefined);
  if (known.length !== sets.length) return undefined;
  const [unknown, ...others] = new Set(known.flatMap((set) => set.unknown ?? []));
  if (others.length > 0) return undefined;
  return {
    breakpoints: known.every(({ breakpoints }) => breakpoints !== undefined)
      ? known.flatMap(({ breakpoints }) => breakpoints ?? [])
      : undefined,
    has: (x) => {
      const members = known.map(({ has }) => has(x));
      if (operation === 'union') return some(members);
      if (operation === 'intersection') return every(members);
      return every([members[0], ...members.slice(1).map(not)]);
    },
    ...(unknown === undefined ? {} : { unknown }),
  };
}

/** Truth of `or`, `and`, `not` where single truths may be unknown. */
function some(truths: readonly (boolean | undefined)[]): boolean | undefined {
  return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
}
function every(truths: readonly (boolean | undefined)[]): boolean | undefined {
  return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
}
function not(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

/** Where a chain of inequalities in one unknown holds. */
function conditionSet(e: RelationExpression, budget: Budget): RealSet | undefined {
  const [unknown, ...others] = freeSymbols(e);
  if (unknown === undefined || others.length > 0) return undefined;
  const set = memberOf(e);
  if (set !== undefined) {
    const inner = e.operands[0]?.kind === 'symbol' ? realSetOf(set, budget) : undefined;
    return inner === undefined ? undefined : { ...inner, unknown };
  }
  if (!e.operators.every((operator) => /^[<>]=?$|^!?=$/u.test(operator))) return undefined;
  const solved = e.operands.every((side) => (side.kind === 'symbol' ? true : freeSymbols(side).size === 0));
  return {
    unknown,
    breakpoints: solved
      ? e.operands.filter((side) => side.kind !== 'symbol' && !isInfinite(side, budget))
      : undefined,
    has: (x) => {
      const sides = e.operands.map((side) => substitute(side, unknown, x));
      return every(
        e.operators.map((operator, index) => {
          const found = order(sides[index] as Expression, sides[index + 1] as Expression, budget);
          return found === undefined ? undefined : holds(operator, found);
        }),
      );
    },
  };
}

function holds(operator: string, found: number): boolean {
  switch (operator) {
    case '<':
      return found < 0;
    case '<=':
      return found <= 0;
    case '>':
      return found > 0;
    case '>=':
      return found >= 0;
    case '!=':
      return found !== 0;
    default:
      return found === 0;
  }
}

/** In rising order, each once; undefined where two cannot be ordered. */
function sorted(points: readonly Expression[], budget: Budget): readonly Expression[] | undefined {
  const rising: Expression[] = [];
  for (const point of points) {
    let at = 0;
    let found: number | undefined = 1;
    for (; at < rising.length; at += 1) {
      found = order(rising[at] as Expression, point, budget);
      if (found === undefined) return undefined;
      if (found >= 0) break;
    }
    if (at === rising.length || found !== 0) rising.splice(at, 0, point);
  }
  return rising;
}

/** A point in every gap, and two beyond each end. */
function between(rising: readonly Expression[]): readonly Expression[] {
  const [first, last] = [rising[0], rising.at(-1)];
  if (first === undefined || last === undefined) return [integer(0)];
  const inner = rising.slice(1).map((point, index): Expression => ({
    kind: 'product',
    factors: [fraction(1, 2), sum(rising[index] as Expression, point)],
  }));
  const beyond = [1, 1000].flatMap((step) => [sum(first, minus(integer(step))), sum(last, integer(step))]);
  return [...inner, ...beyond];
}
