import type { Expression, RelationExpression, RelationOperator } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import { sameStructure } from '../grade/structure.js';
import { Unconvertible } from './readings.js';
import type { TokenKind } from './tokens.js';

const OPERATORS: Partial<Record<TokenKind, RelationOperator>> = {
  '=': '=',
  '==': '=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '!=': '!=',
};

/** left = right */
export function equation(left: Expression, right: Expression): Expression {
  return { kind: 'relation', operands: [left, right], operators: ['='] };
}

/** Not a relation in Math-Verify: a negated one. */
export function notIn(left: Expression, right: Expression): Expression {
  return { kind: 'relation', operands: [left, right], operators: ['not-in'] };
}

/** A relation, or the next link of a chain of them. An approximation keeps what it approximates, unless that is a name. */
export function extended(left: Expression, kind: TokenKind, right: Expression, budget: Budget): Expression {
  if (kind === '~') return isOfSymbolsOnly(left) ? right : left;
  const operator = OPERATORS[kind];
  if (operator === undefined) throw new Unconvertible('membership of what is no set');
  if (left.kind === 'relation') {
    const chain: RelationExpression = {
      kind: 'relation',
      operands: [...left.operands, right],
      operators: [...left.operators, operator],
    };
    if (turnsBack(chain, budget)) throw new Unconvertible('a chain of one relation and its mirror image');
    return chain;
  }
  return { kind: 'relation', operands: [left, right], operators: [operator] };
}

const MIRRORED: Readonly<Record<string, RelationOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** `a = b = a`: sympy keeps only one of the two, which latex2sympy2_extended cannot take. */
function turnsBack({ operands: [a, , c], operators }: RelationExpression, budget: Budget): boolean {
  const [first, second] = operators;
  if (operators.length !== 2 || a === undefined || c === undefined || first === undefined) return false;
  return MIRRORED[first] === second && sameStructure(a, c, budget);
}

/** Symbols, their products, sums, quotients and tuples, and functions of them; no numbers. */
export function isOfSymbolsOnly(e: Expression): boolean {
  if (e.kind === 'symbol') return true;
  if (e.kind === 'power' && isMinusOne(e.exponent)) {
    const inner = partsOf(e.base);
    return e.base.kind === 'symbol' || inner.every(isOfSymbolsOnly);
  }
  const parts = partsOf(e);
  return parts.length > 0 && parts.every(isOfSymbolsOnly);
}

function isMinusOne(e: Expression): boolean {
  return e.kind === 'number' && e.value.n === -1n && e.value.d === 1n && e.significant === undefined;
}

/** The arguments that the expression has in sympy. */
export function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'sum':
      return e.terms;
    case 'product':
      return e.factors;
    case 'power':
      return [e.base, e.exponent];
    case 'call':
    case 'application':
      return e.args;
    case 'relation':
      return e.operands;
    case 'list':
    case 'set':
    case 'tuple':
      return e.items;
    case 'interval':
      return [e.from, e.to, TRUTH, TRUTH];
    case 'set-operation':
    case 'opaque':
      return e.parts;
    case 'series':
      return [e.body, { kind: 'symbol', name: e.index }, e.from, e.to];
    case 'percent':
      return [e.value, TRUTH];
    default:
      return [];
  }
}

/** Stands for an argument that is neither a symbol nor has arguments. */
const TRUTH: Expression = { kind: 'text', text: '' };
