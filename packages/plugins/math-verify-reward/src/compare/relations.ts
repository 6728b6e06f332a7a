import { difference } from '../answer/build.js';
import type { Expression, RelationExpression, RelationOperator } from '../answer/expression.js';
import { substitute } from '../answer/tree.js';
import { freeSymbols } from '../values/free-symbols.js';
import { proportional } from '../values/zero-set.js';
import { trimChain } from './assignment.js';
import { lettersOf } from './words.js';
import { compareUnordered, different, same, type Comparison, type Decision } from './decision.js';

/** One comparison of a chain, turned so that it reads `=`, `!=`, `<`, `<=` or one that has no mirror image. */
interface Link {
  readonly left: Expression;
  readonly operator: RelationOperator;
  readonly right: Expression;
}

const MIRRORED: Partial<Record<RelationOperator, RelationOperator>> = { '>': '<', '>=': '<=' };
const EITHER_WAY: ReadonlySet<RelationOperator> = new Set(['=', '!=', '~']);

/**
 * Equations and inequalities against each other: link by link in any order, each with the same sides, the sides
 * exchanged, or rearranged to the same condition. Undefined where they may still describe the same set.
 */
export function compareRelations(
  gold: Expression,
  prediction: Expression,
  comparison: Comparison,
): Omit<Decision, 'rule'> | undefined {
  if (gold.kind !== 'relation' || prediction.kind !== 'relation') return undefined;
  const [expected, found] = [linksOf(trimChain(gold)), linksOf(trimChain(prediction))];
  if (expected.length !== found.length) return undefined;
  if (gold.modulus !== undefined || prediction.modulus !== undefined)
    return compareCongruences(gold, prediction, comparison);
  const left = [...found];
  for (const link of expected) {
    const partner = left.findIndex((other) => sameLink(link, other, comparison));
    if (partner < 0)
      return bothEquations(expected, found) ? different('the equations say different things') : undefined;
    left.splice(partner, 1);
  }
  return same(expected.length === 1 ? 'the same condition' : 'the same conditions');
}

function linksOf({ operands, operators }: RelationExpression): readonly Link[] {
  return operators.map((operator, index) => {
    const [left, right] = [operands[index] as Expression, operands[index + 1] as Expression];
    const mirrored = MIRRORED[operator];
    return mirrored === undefined
      ? { left, operator, right }
      : { left: right, operator: mirrored, right: left };
  });
}

function bothEquations(a: readonly Link[], b: readonly Link[]): boolean {
  return [...a, ...b].every(({ operator }) => EITHER_WAY.has(operator));
}

function sameLink(a: Link, written: Link, comparison: Comparison): boolean {
  const b = withArgumentOf(a, written);
  const { budget } = comparison;
  const [one, other] = [equality(a.operator), equality(b.operator)];
  if (one !== other) return false;
  const symmetric = EITHER_WAY.has(one);
  if (sameSide(a.left, b.left, comparison) && sameSide(a.right, b.right, comparison)) return true;
  if (symmetric && sameSide(a.left, b.right, comparison) && sameSide(a.right, b.left, comparison))
    return true;
  if (one === 'in' || one === 'not-in' || one === 'subset' || one === 'congruent') return false;
  const factor = proportional(difference(a.left, a.right), difference(b.left, b.right), budget);
  return factor.same === true && (symmetric || factor.sign === 1);
}

/** `f(t) = t^2` with the variable of `f(x) = x^2`: what an argument is called does not matter. */
function withArgumentOf(a: Link, b: Link): Link {
  const [mine, other] = [a.left, b.left];
  if (mine.kind !== 'application' || other.kind !== 'application' || mine.name !== other.name) return b;
  const [x, t] = [mine.args[0], other.args[0]];
  if (mine.args.length !== 1 || other.args.length !== 1 || x?.kind !== 'symbol' || t?.kind !== 'symbol')
    return b;
  if (freeSymbols(b.right).has(x.name)) return b;
  return { ...b, left: mine, right: substitute(b.right, t.name, x) };
}

/** An approximate equality is the equality it stands for. */
function equality(operator: RelationOperator): RelationOperator {
  return operator === '~' ? '=' : operator;
}

/** The same expression, or two ways to name the value of a function: `f(x) = ...` and `y = ...`. */
function sameSide(a: Expression, b: Expression, { compare }: Comparison): boolean {
  if (compare(a, b).equal === true) return true;
  // `AB` as a product, and `\text{AB}` as one name.
  if ((a.kind === 'symbol' && lettersOf(b) === a.name) || (b.kind === 'symbol' && lettersOf(a) === b.name))
    return true;
  const isOutput = (e: Expression): boolean => e.kind === 'symbol' && e.name === 'y';
  return (a.kind === 'application' && isOutput(b)) || (b.kind === 'application' && isOutput(a));
}

/** `x ≡ 3 (mod 7)`: the same modulus, and both sides the same, their exchange included. */
function compareCongruences(
  gold: RelationExpression,
  prediction: RelationExpression,
  comparison: Comparison,
): Omit<Decision, 'rule'> {
  if (gold.modulus === undefined || prediction.modulus === undefined)
    return different('a congruence against a relation without a modulus');
  const modulus = comparison.compare(gold.modulus, prediction.modulus);
  if (modulus.equal !== true) return { equal: modulus.equal, detail: `modulus: ${modulus.detail}` };
  const reduced = (operands: readonly Expression[]): Expression[] =>
    operands.map((operand) =>
      operand.kind === 'number'
        ? { kind: 'call', name: 'mod', args: [operand, gold.modulus as Expression] }
        : operand,
    );
  return compareUnordered(reduced(gold.operands), reduced(prediction.operands), comparison);
}
