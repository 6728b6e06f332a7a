import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { isSet } from '../latex/sets.js';
import { asSet } from './as-set.js';
import { asRelation, isAssignment, isEquation, lastSide, shortened } from './assignments.js';
import { freeSymbols, renamed } from './free-symbols.js';
import { areComparableSets, realSetOf, sameRealSet } from './membership.js';
import { sameRelation } from './relations.js';
import { sameScalar, type Precision } from './scalars.js';
import { sameSets } from './sets.js';
import { sameStructure } from './structure.js';
import { sameSymbol } from './symbols.js';

export interface ComparisonOptions extends Precision {
  readonly strict: boolean;
  readonly allowSetRelationComparison: boolean;
}

/** What decided, and how. */
export interface Decision {
  readonly equal: boolean;
  readonly rule: CompatRule;
}

export type CompatRule =
  'undefined-value' | 'solutions' | 'same-form' | 'relations' | 'sets' | 'symbols' | 'values';

interface Pair {
  readonly gold: Expression;
  readonly prediction: Expression;
}

interface Rule {
  readonly name: CompatRule;
  /** Undefined where it is for the next rule to say. */
  readonly decide: (pair: Pair, options: ComparisonOptions, budget: Budget) => boolean | undefined;
}

/** How Math-Verify compares two values, after names have been renamed and assignments unwrapped: the first that decides. */
const RULES: readonly Rule[] = [
  {
    name: 'undefined-value',
    decide: ({ gold }) =>
      gold.kind === 'constant' && (gold.name === 'undefined' || gold.name === 'complex-infinity')
        ? false
        : undefined,
  },
  { name: 'solutions', decide: bySolutions },
  {
    name: 'same-form',
    decide: ({ gold, prediction }, _, budget) => sameStructure(gold, prediction, budget) || undefined,
  },
  {
    name: 'relations',
    decide: ({ gold, prediction }, options, budget) => {
      const [a, b] = [asRelation(gold), asRelation(prediction)];
      return a && b && sameRelation(a, b, options, budget, sameInner);
    },
  },
  {
    name: 'sets',
    decide: ({ gold, prediction }, options, budget) =>
      isCollection(gold) || isCollection(prediction)
        ? sameSets(gold, prediction, options, budget, sameInner)
        : undefined,
  },
  {
    name: 'symbols',
    decide: ({ gold, prediction }) =>
      gold.kind === 'symbol' || prediction.kind === 'symbol' ? sameSymbol(gold, prediction) : undefined,
  },
  {
    name: 'values',
    decide: ({ gold, prediction }, options, budget) =>
      gold.kind !== 'relation' &&
      prediction.kind !== 'relation' &&
      sameScalar(gold, prediction, options, budget),
  },
];

export function compareExpressions(
  gold: Expression,
  prediction: Expression,
  options: ComparisonOptions,
  budget: Budget,
): Decision {
  const pair = unwrappedPair(gold, options.strict ? prediction : withNamesOf(gold, prediction, budget));
  for (const { name, decide } of RULES) {
    const equal = decide(pair, options, budget);
    if (equal !== undefined) return { equal, rule: name };
  }
  return { equal: false, rule: 'values' };
}

/** Elements, sides and differences are always compared strictly. */
function sameInner(gold: Expression, prediction: Expression, precision: Precision, budget: Budget): boolean {
  return compareExpressions(
    gold,
    prediction,
    { ...precision, strict: true, allowSetRelationComparison: false },
    budget,
  ).equal;
}

/**
 * Where both have equally many symbols, the prediction's take the names of the gold's, in alphabetical order.
 * Math-Verify pairs several symbols in the order of Python's randomised hashes: its own verdict on `x^2 + y` against
 * `a^2 + b` changes from run to run.
 */
function withNamesOf(gold: Expression, prediction: Expression, budget: Budget): Expression {
  const [names, others] = [freeSymbols(gold, budget), freeSymbols(prediction, budget)];
  if (names.length !== others.length) return prediction;
  const all = [...names].sort();
  return renamed(prediction, new Map([...others].sort().map((other, i) => [other, all[i] ?? other])), budget);
}

/** An equation against a value stands for its last side, of the gold only if it assigns one. */
function unwrappedPair(gold: Expression, prediction: Expression): Pair {
  const [a, b] = [shortened(gold), shortened(prediction)];
  if (isEquation(b) && !isEquation(a)) return { gold: a, prediction: lastSide(b) };
  if (isAssignment(a) && !isEquation(b)) return { gold: lastSide(a), prediction: b };
  return { gold: a, prediction: b };
}

function isCollection(e: Expression): boolean {
  return isSet(e) || e.kind === 'tuple';
}

/** A gold relation against a set is solved; the other way round only where the options allow it. */
function bySolutions(
  { gold, prediction }: Pair,
  options: ComparisonOptions,
  budget: Budget,
): boolean | undefined {
  if (isSet(prediction)) return solved(gold, prediction, (a, b) => sameInner(a, b, options, budget), budget);
  if (options.allowSetRelationComparison && isSet(gold))
    return solved(prediction, gold, (a, b) => sameInner(b, a, options, budget), budget);
  return undefined;
}

function solved(
  relation: Expression,
  set: Expression,
  same: (a: Expression, b: Expression) => boolean,
  budget: Budget,
): boolean | undefined {
  const link = asRelation(relation);
  const solutions = link && asSet(link, budget);
  if (solutions === undefined) return undefined;
  if (solutions.interval !== undefined) {
    if (same(solutions.interval, set)) return true;
    if (!areComparableSets(solutions.interval, set)) return false;
  }
  const members = realSetOf(set, budget);
  return members !== undefined && sameRealSet(solutions.members, members, budget);
}
