import { difference, minus, sum } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { mapChildren, someExpression, treeKey } from '../answer/tree.js';
import { assignmentOf } from './assignment.js';
import {
  comparePairs,
  compareUnordered,
  different,
  distinct,
  type Comparison,
  type Decision,
} from './decision.js';

/**
 * Several answers side by side, in any order and without repetition. A part of them is not the answer, nor is more than
 * all of them.
 */
export function compareSeveral(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | Decision | undefined {
  if (!isSeveral(gold) && !isSeveral(prediction)) return undefined;
  // The places of a vector without its brackets.
  if (isVectorAndList(gold, prediction) || isVectorAndList(prediction, gold)) return undefined;
  const [expected, found] = [itemsOf(gold), itemsOf(prediction)];
  if (expected.length === 1 && found.length === 1)
    return comparison.compare(expected[0] as Expression, found[0] as Expression);
  // "1, 2" may be the pair (1, 2): then its order counts. A set is no pair.
  for (const [one, other] of [
    [gold, found],
    [prediction, expected],
  ] as const)
    if (one.kind === 'tuple' && other.length > 1)
      return isSet(gold) || isSet(prediction)
        ? different('a set is expected to equal an ordered tuple')
        : one === gold
          ? inOrder(one.items, found, comparison)
          : inOrder(expected, one.items, comparison);
  if (namesOnOneSide(expected, found)) return inOrder(expected, found, comparison);
  return compareUnordered(distinct(expected, comparison), distinct(found, comparison), comparison);
}

function isVectorAndList(one: Expression, other: Expression): boolean {
  return (
    one.kind === 'matrix' && other.kind === 'list' && (one.rows.length === 1 || one.rows[0]?.length === 1)
  );
}

function inOrder(
  expected: readonly Expression[],
  found: readonly Expression[],
  comparison: Comparison,
): Omit<Decision, 'rule'> {
  return expected.length === found.length
    ? comparePairs(expected, found, comparison)
    : different(`${String(expected.length)} parts are expected, there are ${String(found.length)}`);
}

function isSeveral(e: Expression): boolean {
  return e.kind === 'list' || e.kind === 'set' || hasPlusMinus(e) || isAssignedSeveral(e);
}

function isSet(e: Expression): boolean {
  return e.kind === 'set';
}

/** `n = 1, 2, 3` and `x \in \{1, 2\}`. */
function isAssignedSeveral(e: Expression): boolean {
  const value = assignmentOf(e)?.value;
  return value !== undefined && (value.kind === 'list' || value.kind === 'set');
}

/** Flat: lists within lists, both signs of a plus-minus, and the values that one name is given. */
export function itemsOf(e: Expression): readonly Expression[] {
  if (e.kind === 'list' || e.kind === 'set')
    return e.items.flatMap((item) => (item.kind === 'set' ? [item] : itemsOf(item)));
  if (hasPlusMinus(e)) return [withSign(e, 1), withSign(e, -1)].flatMap(itemsOf);
  const assignment = assignmentOf(e);
  if (assignment !== undefined && isAssignedSeveral(e))
    return itemsOf(assignment.value).map((value) => ({
      kind: 'relation',
      operands: [assignment.name, value],
      operators: ['='],
    }));
  return [e];
}

function hasPlusMinus(e: Expression): boolean {
  return someExpression(e, ({ kind }) => kind === 'plus-minus');
}

/** All the upper signs (1) or all the lower ones (-1), as usual where several stand in one formula. */
function withSign(e: Expression, sign: 1 | -1): Expression {
  const inner = mapChildren(e, (part) => withSign(part, sign));
  if (inner.kind !== 'plus-minus') return inner;
  const positive = (inner.sign === 'plus-minus') === (sign === 1);
  if (inner.left === undefined) return positive ? inner.right : minus(inner.right);
  return positive ? sum(inner.left, inner.right) : difference(inner.left, inner.right);
}

/** `x = 1, y = 2` against `1, 2`: the names say which is which, so the order counts. */
function namesOnOneSide(expected: readonly Expression[], found: readonly Expression[]): boolean {
  const [a, b] = [namesOf(expected), namesOf(found)];
  return (a !== undefined && b === undefined) || (a === undefined && b !== undefined);
}

/** The names that a list gives values to, where it gives each of two or more its own. */
function namesOf(items: readonly Expression[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const item of items) {
    const name = assignmentOf(item)?.name;
    if (name === undefined) return undefined;
    names.add(treeKey(name));
  }
  return names.size > 1 && names.size === items.length ? names : undefined;
}
