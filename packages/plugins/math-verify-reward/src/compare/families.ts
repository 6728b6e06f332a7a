import { difference, integer, quotient } from '../answer/build.js';
import type { Expression, NamedSetExpression } from '../answer/expression.js';
import { substitute } from '../answer/tree.js';
import { compareValues } from '../values/compare-values.js';
import { freeSymbols, rationalOf } from '../values/constant.js';
import { assignmentOf } from './assignment.js';
import { different, same, type Comparison, type Decision } from './decision.js';
import { itemsOf } from './several.js';

/** Answers that depend on a parameter which may be anything in a set: `x = \frac{\pi}{4} + k\pi, k \in \mathbb{Z}`. */
interface Family {
  readonly items: readonly Expression[];
  /** Name and domain of each parameter that is declared. */
  readonly parameters: ReadonlyMap<string, NamedSetExpression['name']>;
}

/** More parameters than this are not paired off in every way. */
const MOST_PARAMETERS = 3;

/**
 * A parameter may have any name, and where it runs through the integers the family may start anywhere: `-3\pi/4 + n\pi` is
 * `\pi/4 + k\pi`. Where only one side declares its parameters, the other's are the symbols that the first does not know.
 */
export function compareFamilies(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | undefined {
  const [expected, found] = [familyOf(gold), familyOf(prediction)];
  if (expected.parameters.size === 0 && found.parameters.size === 0) return undefined;
  const names = [...(expected.parameters.size > 0 ? expected : found).parameters.keys()];
  const [mine, others] = [parametersOf(expected, found, names), parametersOf(found, expected, names)];
  if (mine.length !== others.length || mine.length > MOST_PARAMETERS)
    return different('another number of parameters');
  for (const order of permutations(others)) {
    if (
      !mine.every((name, i) =>
        sameDomain(expected.parameters.get(name), found.parameters.get(order[i] ?? '')),
      )
    )
      continue;
    const renamed = found.items.map((item) => renameAll(item, order, mine));
    const whole = mine.filter(
      (name, i) => (expected.parameters.get(name) ?? found.parameters.get(order[i] ?? '')) === 'integers',
    );
    if (sameItems(expected.items, renamed, whole, comparison))
      return same('the same family, whatever its parameters are called');
  }
  return different('another family of answers');
}

function familyOf(e: Expression): Family {
  const parts = e.kind === 'list' ? e.items : e.kind === 'set-builder' ? [e.element, ...e.conditions] : [e];
  const parameters = new Map<string, NamedSetExpression['name']>();
  const rest = parts.filter((part, i) => {
    if (i === 0 || part.kind !== 'relation' || part.operators.length !== 1 || part.operators[0] !== 'in')
      return true;
    const [name, set] = part.operands;
    if (name?.kind !== 'symbol' || set?.kind !== 'named-set' || set.name === 'empty') return true;
    parameters.set(name.name, set.name);
    return false;
  });
  const [first, ...more] = rest;
  return {
    items: first === undefined ? [] : more.length === 0 ? itemsOf(first) : rest.flatMap(itemsOf),
    parameters,
  };
}

/** What a side declares; else the names it shares with the side that does, or those that this side does not have. */
function parametersOf(family: Family, other: Family, names: readonly string[]): readonly string[] {
  if (family.parameters.size > 0) return [...family.parameters.keys()];
  const [own, foreign] = [symbolsOf(family), symbolsOf(other)];
  if (names.every((name) => own.has(name))) return names;
  return [...own].filter((name) => !foreign.has(name));
}

function symbolsOf({ items }: Family): ReadonlySet<string> {
  // The name that is given a value is no parameter: x of `x = k`.
  return new Set(items.flatMap((item) => [...freeSymbols(assignmentOf(item)?.value ?? item)]));
}

function sameDomain(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function permutations(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length <= 1) return [names];
  return names.flatMap((name, i) =>
    permutations([...names.slice(0, i), ...names.slice(i + 1)]).map((rest) => [name, ...rest]),
  );
}

/** All at once: by way of names that no answer has. */
function renameAll(e: Expression, from: readonly string[], to: readonly string[]): Expression {
  const parked = from.reduce(
    (item, name, i) => substitute(item, name, { kind: 'symbol', name: `#${String(i)}` }),
    e,
  );
  return to.reduce((item, name, i) => substitute(item, `#${String(i)}`, { kind: 'symbol', name }), parked);
}

/** @param whole - parameters that run through the integers */
function sameItems(
  expected: readonly Expression[],
  found: readonly Expression[],
  whole: readonly string[],
  comparison: Comparison,
): boolean {
  if (expected.length !== found.length) return false;
  const left = [...found];
  return expected.every((item) => {
    const partner = left.findIndex(
      (other) =>
        comparison.compare(item, other).equal === true ||
        whole.some((name) => samePeriod(item, other, name, comparison)),
    );
    if (partner >= 0) left.splice(partner, 1);
    return partner >= 0;
  });
}

/** Whether a + kT and b + kT' run through the same values, k over the integers: T' = ±T, and (a - b) / T is whole. */
function samePeriod(a: Expression, b: Expression, name: string, { compare, budget }: Comparison): boolean {
  const [left, right] = [assignmentOf(a), assignmentOf(b)];
  if (left !== undefined && right !== undefined && compare(left.name, right.name).equal !== true)
    return false;
  const [one, other] = [progression(left?.value ?? a, name), progression(right?.value ?? b, name)];
  for (const { start, step, next } of [one, other])
    if (compareValues(difference(next, start), step, budget).same !== true) return false;
  const ratio =
    rationalOf(quotient(other.step, one.step), budget) ?? rationalOf(quotient(one.step, other.step), budget);
  if (ratio === undefined || ratio.d !== 1n || (ratio.n !== 1n && ratio.n !== -1n)) return false;
  return rationalOf(quotient(difference(one.start, other.start), one.step), budget)?.d === 1n;
}

interface Progression {
  /** Where the parameter is 1. */
  readonly start: Expression;
  /** From 0 to 1. */
  readonly step: Expression;
  /** Where it is 2: one step on, if the steps are even. */
  readonly next: Expression;
}

function progression(e: Expression, name: string): Progression {
  const at = (k: number): Expression => substitute(e, name, integer(k));
  return { start: at(1), step: difference(at(1), at(0)), next: at(2) };
}
