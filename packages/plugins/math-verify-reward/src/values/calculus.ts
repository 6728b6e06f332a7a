import { difference, integer, product } from '../answer/build.js';
import type { Expression, OpaqueExpression, ProductExpression } from '../answer/expression.js';
import { someExpression, substitute } from '../answer/tree.js';
import { Budget, BudgetExhausted } from '../budget.js';
import { antiderivative, type Antiderivative } from './antiderivative.js';
import { signOfConstant } from './constant.js';
import { derivative } from './derivative.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import { isUnbounded } from './infinity.js';
import { type Approach, type Limit, limitOf } from './limit.js';

/** Steps that one integral, limit or derivative may take; it stays as it is where they do not suffice. */
const STEPS = 20_000;
/** What is charged for it. */
const CHARGE = 2000;

/**
 * What an integral, a limit or a derivative is worth, where simple rules tell; nothing otherwise. Its parts, scalar
 * forms already: integrand, variable, lower and upper bound; body, variable, target and side (1 or -1, or none for
 * both); body, variable and order.
 */
export function calculated(e: OpaqueExpression, budget: Budget): Expression | undefined {
  const rule = Object.hasOwn(RULES, e.head) ? RULES[e.head] : undefined;
  const [body, variable, ...rest] = e.parts;
  if (rule === undefined || body === undefined || variable?.kind !== 'symbol') return undefined;
  budget.spend(CHARGE);
  try {
    return rule(
      body,
      variable.name,
      rest,
      new Budget({ steps: STEPS, bits: budget.bits, nesting: budget.nesting }),
    );
  } catch (error) {
    if (error instanceof BudgetExhausted) return undefined;
    throw error;
  }
}

/**
 * `\frac{d}{dx} f`, `\frac{d^2}{dx^2} f`: a product of an operator, which holds no operand but a variable and perhaps
 * an order, and of what it is applied to.
 */
export function withOperands(e: ProductExpression): Expression {
  const at = e.factors.findIndex(isOperator);
  const operator = e.factors[at];
  const operands = e.factors.slice(at + 1);
  if (operator?.kind !== 'opaque' || operands.length === 0) return e;
  const applied: Expression = { ...operator, parts: [product(...operands), ...operator.parts] };
  return product(...e.factors.slice(0, at), applied);
}

function isOperator(e: Expression): boolean {
  if (e.kind !== 'opaque' || e.head !== 'derivative') return false;
  const [variable, order] = e.parts;
  return (
    variable?.kind === 'symbol' && (order === undefined || (order.kind === 'number' && e.parts.length === 2))
  );
}

type Rule = (
  body: Expression,
  name: string,
  rest: readonly Expression[],
  budget: Budget,
) => Expression | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  derivative: repeatedDerivative,
  integral: definiteIntegral,
  limit: (body, name, [target, side], budget) => {
    const to = target && approach(name, target, side);
    const found = to && limitOf(body, to, budget);
    return found && asExpression(found);
  },
};

function repeatedDerivative(
  body: Expression,
  name: string,
  [order = integer(1)]: readonly Expression[],
  budget: Budget,
): Expression | undefined {
  // dy/dx: what y depends on is not known.
  if (!freeSymbols(body).has(name) && freeSymbols(body).size > 0) return undefined;
  if (order.kind !== 'number' || order.value.d !== 1n || order.value.n < 1n || order.value.n > 6n)
    return undefined;
  let own: Expression | undefined = body;
  for (let k = 0n; own !== undefined && k < order.value.n; k += 1n) {
    own = derivative(own, name, budget);
    if (own !== undefined && sizeOfTree(own) > 2000) return undefined;
  }
  return own;
}

function definiteIntegral(
  body: Expression,
  name: string,
  [from, to]: readonly Expression[],
  budget: Budget,
): Expression | undefined {
  if (from === undefined || to === undefined) return undefined;
  const found = antiderivative(body, name, budget);
  if (found === undefined || !holdsBetween(found, name, [from, to], budget)) return undefined;
  const values: Expression[] = [];
  for (const [index, end] of [from, to].entries()) {
    const limit = atEnd(found, name, end, index === 0 ? 1 : -1, budget);
    if (limit === undefined || !('finite' in limit)) return undefined;
    values.push(limit.finite);
  }
  const [lower, upper] = values;
  return lower && upper && difference(upper, lower);
}

/** Linear forms that are not below zero at both ends, and not zero at both, are above zero between them. */
function holdsBetween(
  found: Antiderivative,
  name: string,
  ends: readonly Expression[],
  budget: Budget,
): boolean {
  return found.positive.every((form) => {
    const signs = ends.map((end) => signAt(form, name, end, budget));
    return signs.every((sign) => sign === 0 || sign === 1) && signs.includes(1);
  });
}

function signAt(form: Expression, name: string, end: Expression, budget: Budget): number | undefined {
  const to = approach(name, end, undefined);
  if (to === undefined) return undefined;
  if (typeof to.target !== 'string') return signOfConstant(substitute(form, name, end), budget);
  const limit = limitOf(form, to, budget);
  return limit !== undefined && 'infinite' in limit ? limit.infinite : undefined;
}

/** The antiderivative at a bound, as a limit where the bound is infinite or a logarithm or power ends there. */
function atEnd(
  found: Antiderivative,
  name: string,
  end: Expression,
  side: 1 | -1,
  budget: Budget,
): Limit | undefined {
  const to = approach(name, end, integer(side));
  if (to === undefined) return undefined;
  const regular =
    typeof to.target !== 'string' && found.positive.every((form) => signAt(form, name, end, budget) === 1);
  return regular ? { finite: substitute(found.value, name, end) } : limitOf(found.value, to, budget);
}

function approach(name: string, target: Expression, side: Expression | undefined): Approach | undefined {
  if (freeSymbols(target).has(name)) return undefined;
  const infinite = infinityIn(target);
  if (infinite === undefined) return undefined;
  const sign = side?.kind === 'number' && side.value.d === 1n ? side.value.n : 0n;
  return {
    name,
    target: infinite === 0 ? target : infinite === 1 ? 'infinity' : '-infinity',
    side: sign === 1n ? 1 : sign === -1n ? -1 : 0,
  };
}

/** 1 or -1 for an infinity, 0 for a form without one; nothing for others that hold one. */
function infinityIn(e: Expression): 1 | -1 | 0 | undefined {
  if (isInfinity(e)) return 1;
  if (e.kind === 'product' && e.factors.length === 2) {
    const [sign, size] = e.factors;
    if (sign?.kind === 'number' && sign.value.n < 0n && size !== undefined && isInfinity(size)) return -1;
  }
  return someExpression(e, isUnbounded) ? undefined : 0;
}

function isInfinity(e: Expression): boolean {
  return e.kind === 'constant' && e.name === 'infinity';
}

function asExpression(limit: Limit): Expression {
  if ('finite' in limit) return limit.finite;
  const infinity: Expression = { kind: 'constant', name: 'infinity' };
  return limit.infinite === 1 ? infinity : product(integer(-1), infinity);
}
