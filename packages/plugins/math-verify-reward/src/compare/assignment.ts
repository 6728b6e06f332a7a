import type { Expression, RelationExpression } from '../answer/expression.js';
import { freeSymbols } from '../values/free-symbols.js';
import type { Comparison, Decision } from './decision.js';
import { rounds } from './scalars.js';

/**
 * What an answer like `x = 5`, `f(x) = 2x`, `m + n = 73` or `x \in \{1, 2\}` gives a value to, and that value.
 * Undefined for equations that do no such thing, like `2x + z = 1`.
 */
export function assignmentOf(
  e: Expression,
): { readonly name: Expression; readonly value: Expression } | undefined {
  if (e.kind !== 'relation') return undefined;
  const [first, second] = e.operands;
  const last = exactEnd(e);
  if (first === undefined || second === undefined || last === undefined) return undefined;
  if (e.operators.length === 1 && e.operators[0] === 'in')
    return isName(first) ? { name: first, value: second } : undefined;
  if (!e.operators.every((operator) => operator === '=' || operator === '~')) return undefined;
  if (isName(first)) return { name: first, value: last };
  return isName(last) && e.operands.length === 2 ? { name: last, value: first } : undefined;
}

/** A chain of equalities cut to its ends: `x = 2 + 3 = 5` says `x = 5`. */
export function trimChain(e: RelationExpression): RelationExpression {
  const assignment = e.operands.length > 2 ? assignmentOf(e) : undefined;
  return assignment === undefined
    ? e
    : { kind: 'relation', operands: [assignment.name, assignment.value], operators: ['='] };
}

/** Something that is named rather than computed: `x`, `AB`, `|z|`, `f(x)`, `P(A)`, `\frac{NO}{BO}`, `(x, y)`, `\sin A`. */
function isName(e: Expression): boolean {
  switch (e.kind) {
    case 'symbol':
    case 'application':
    case 'text':
      return true;
    case 'choice':
      return e.content === undefined;
    case 'constant':
      // As in "e = 3": a letter that is also a constant.
      return e.name === 'e' || e.name === 'i';
    case 'call':
      return e.args.length > 0 && isName(e.args[0] as Expression);
    case 'product':
      return e.factors.every(isName);
    case 'power':
      return isName(e.base) && e.exponent.kind === 'number';
    case 'tuple':
      return e.items.every(isName);
    case 'list':
      return e.items.every(isName);
    case 'ratio':
      return e.parts.every(isName);
    case 'opaque':
      return true;
    default:
      return false;
  }
}

/**
 * `m + n = 73`, `a^2 + b^2 = 25` in a prediction name the quantity that was asked for; with coefficients (`2x + z = 1`) or
 * a zero on the right it is an equation. A gold of this form is the equation of a line or curve.
 */
function combinationOf(e: RelationExpression): Expression | undefined {
  const [first] = e.operands;
  const last = exactEnd(e);
  if (first === undefined || last === undefined || e.operators.some((operator) => operator !== '='))
    return undefined;
  return isCombination(first, last) ? last : undefined;
}

function isCombination(left: Expression, right: Expression): boolean {
  if (left.kind !== 'sum' || right.kind !== 'number' || right.value.n === 0n) return false;
  return left.terms.every((term) =>
    term.kind === 'product' && term.factors[0]?.kind === 'number' && term.factors[0].value.n === -1n
      ? term.factors.slice(1).every(isName)
      : isName(term),
  );
}

/** Of `x = \frac{\sqrt2}{2} \approx 0.707` the exact value: what stands before the first ≈. */
function exactEnd({ operands, operators }: RelationExpression): Expression | undefined {
  const approximate = operators.indexOf('~');
  return approximate < 1 ? operands.at(-1) : operands[approximate];
}

/**
 * What a chain of equalities says, in several ways that are all right: the exact value, the approximations after it that
 * round it, and of a computation without a name (`5! = 120`), if it is true, what is computed.
 */
function valuesOf(e: Expression, side: 'gold' | 'prediction', comparison: Comparison): readonly Expression[] {
  if (e.kind !== 'relation') return [];
  const { operands, operators } = e;
  const combination = side === 'prediction' ? combinationOf(e) : undefined;
  const value = assignmentOf(e)?.value ?? combination ?? computed(e, comparison);
  if (value === undefined) return [];
  const approximations = operands.filter(
    (operand, i) =>
      i > 0 &&
      operators[i - 1] === '~' &&
      operand.kind === 'number' &&
      operand !== value &&
      freeSymbols(value).size === 0 &&
      rounds(operand, value, comparison.budget),
  );
  return [value, ...approximations];
}

/** The value of a computation: constants that are equal indeed, so that `12 = 13` is none. */
function computed(e: RelationExpression, { compare }: Comparison): Expression | undefined {
  const exact = e.operands.slice(0, e.operators.includes('~') ? e.operators.indexOf('~') + 1 : undefined);
  const [first, ...others] = exact;
  if (first === undefined || !e.operators.every((operator) => operator === '=' || operator === '~'))
    return undefined;
  if (exact.some((operand) => freeSymbols(operand).size > 0)) return undefined;
  return others.every((operand) => compare(first, operand).equal === true) ? first : undefined;
}

/** `x = 5` against `5`. */
export function compareAssignment(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Decision | undefined {
  if (prediction.kind !== 'relation')
    return firstEqual(
      valuesOf(gold, 'gold', comparison).map((value) => comparison.compare(value, prediction)),
    );
  if (gold.kind !== 'relation')
    return firstEqual(
      valuesOf(prediction, 'prediction', comparison).map((value) => comparison.compare(gold, value)),
    );
  return undefined;
}

function firstEqual(decisions: readonly Decision[]): Decision | undefined {
  return decisions.find(({ equal }) => equal === true) ?? decisions[0];
}
