import type { Expression, RelationExpression, RelationOperator } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { freeSymbols } from './free-symbols.js';
import { solutionsOf, type RealSet } from './membership.js';
import { constantValue, order } from './order.js';

/** What a relation in one unknown says of it: as an interval where it only bounds it, in any case by its members. */
export interface Solutions {
  readonly interval?: Expression;
  readonly members: RealSet;
}

/** Undefined where there is more than one unknown or none. */
export function asSet(relation: RelationExpression, budget: Budget): Solutions | undefined {
  const plain: RelationExpression = {
    ...relation,
    operands: relation.operands.map((operand) => withoutApplications(operand)),
  };
  const [name, ...others] = freeSymbols(plain, budget);
  if (name === undefined || others.length > 0) return undefined;
  const interval = boundsOf(plain, name, budget);
  return { members: solutionsOf(plain, name, budget), ...(interval === undefined ? {} : { interval }) };
}

/** f(x) becomes a symbol of its own. */
function withoutApplications(e: Expression): Expression {
  if (e.kind === 'application')
    return { kind: 'symbol', name: `${e.name}(${JSON.stringify(e.args, bigintText)})` };
  if (e.kind === 'sum') return { ...e, terms: e.terms.map(withoutApplications) };
  if (e.kind === 'product') return { ...e, factors: e.factors.map(withoutApplications) };
  if (e.kind === 'power')
    return { ...e, base: withoutApplications(e.base), exponent: withoutApplications(e.exponent) };
  if (e.kind === 'call') return { ...e, args: e.args.map(withoutApplications) };
  return e;
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

const INFINITY: Expression = { kind: 'constant', name: 'infinity' };
const MINUS_INFINITY: Expression = {
  kind: 'product',
  factors: [{ kind: 'number', value: { n: -1n, d: 1n } }, INFINITY],
};

const TURNED: Partial<Record<RelationOperator, RelationOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** The interval of `a < x <= b`, `x < b` and the like. */
function boundsOf(
  { operands, operators }: RelationExpression,
  name: string,
  budget: Budget,
): Expression | undefined {
  let [from, to] = [MINUS_INFINITY, INFINITY];
  let [fromClosed, toClosed] = [false, false];
  for (const [i, operator] of operators.entries()) {
    const [left, right] = [operands[i] as Expression, operands[i + 1] as Expression];
    const leads = left.kind === 'symbol' && left.name === name;
    const bound = leads ? right : left;
    const other = leads ? left : right;
    if (other.kind !== 'symbol' || other.name !== name || constantValue(bound, budget) === undefined)
      return undefined;
    const direction = leads ? operator : TURNED[operator];
    if (direction === '<' || direction === '<=') {
      if ((order(bound, to, budget) ?? 1) < 0) [to, toClosed] = [bound, direction === '<='];
    } else if (direction === '>' || direction === '>=') {
      if ((order(bound, from, budget) ?? -1) > 0) [from, fromClosed] = [bound, direction === '>='];
    } else return undefined;
  }
  if ((order(from, to, budget) ?? 0) >= 0) return undefined;
  return { kind: 'interval', from, to, fromClosed, toClosed };
}
