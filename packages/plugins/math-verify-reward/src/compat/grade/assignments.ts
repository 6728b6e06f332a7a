import type { Expression, RelationExpression } from '../../answer/expression.js';
import { equation, isOfSymbolsOnly } from '../latex/relations.js';

/** A relation or a chain of them; "not in" is none. */
export function asRelation(e: Expression): RelationExpression | undefined {
  return e.kind === 'relation' && !e.operators.includes('not-in') ? e : undefined;
}

export function isEquation(e: Expression): boolean {
  return e.kind === 'relation' && e.operators.every((operator) => operator === '=');
}

/** An equation whose first side holds nothing but symbols: `x = 5`, `f(x) = 1`, `A/B = 2`. */
export function isAssignment(e: Expression): boolean {
  return e.kind === 'relation' && isEquation(e) && isOfSymbolsOnly(e.operands[0] as Expression);
}

/** The right-hand side of the last equation of a chain. */
export function lastSide(e: Expression): Expression {
  return e.kind === 'relation' ? (e.operands.at(-1) ?? e) : e;
}

/** An assignment without the links between its name and its last side. */
export function shortened(e: Expression): Expression {
  if (e.kind !== 'relation' || !isAssignment(e)) return e;
  return equation(e.operands[0] as Expression, lastSide(e));
}

/** The value of an assignment; anything else as it is. */
export function unwrapped(e: Expression): Expression {
  return isAssignment(e) ? lastSide(e) : e;
}
