import { isWholeNumber } from '../answer/tree.js';
import { call, difference, exact, integer, minus, power, product, quotient, sum } from '../answer/build.js';
import type { CallExpression, Expression, PowerExpression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { freeSymbols, sizeOfTree } from './free-symbols.js';
import { add, ONE as RATIONAL_ONE, negate } from './rational.js';

const ZERO = integer(0);
const ONE = integer(1);

/** The derivative of a scalar form by a symbol; nothing where a part of it has none that is known here. */
export function derivative(e: Expression, name: string, budget: Budget, depth = 0): Expression | undefined {
  budget.spend(2);
  budget.allowNesting(depth);
  if (!freeSymbols(e).has(name)) return ZERO;
  const inner = (part: Expression): Expression | undefined => derivative(part, name, budget, depth + 1);
  switch (e.kind) {
    case 'symbol':
      return ONE;
    case 'sum': {
      const terms: Expression[] = [];
      for (const term of e.terms) {
        const own = inner(term);
        if (own === undefined) return undefined;
        if (!isWholeNumber(own, 0n)) terms.push(own);
      }
      return terms.length === 0 ? ZERO : sum(...terms);
    }
    case 'product':
      return ofProduct(e.factors, name, inner, budget);
    case 'power':
      return ofPower(e, name, inner);
    case 'call': {
      const [x] = e.args;
      const rule = DERIVATIVES[e.name];
      const own = x === undefined || rule === undefined || e.args.length !== 1 ? undefined : inner(x);
      return x === undefined || own === undefined ? undefined : times(rule?.(x), own);
    }
    default:
      return undefined;
  }
}

function ofProduct(
  factors: readonly Expression[],
  name: string,
  inner: (e: Expression) => Expression | undefined,
  budget: Budget,
): Expression | undefined {
  const terms: Expression[] = [];
  for (const [index, factor] of factors.entries()) {
    if (!freeSymbols(factor).has(name)) continue;
    budget.spend(factors.length + sizeOfTree(factor));
    const own = inner(factor);
    if (own === undefined) return undefined;
    const others = factors.filter((_, other) => other !== index);
    terms.push(product(...others, ...(isWholeNumber(own, 1n) ? [] : [own])));
  }
  return sum(...terms);
}

/** (f^g)' = g f^(g-1) f' + f^g ln f g'. */
function ofPower(
  e: PowerExpression,
  name: string,
  inner: (e: Expression) => Expression | undefined,
): Expression | undefined {
  const { base, exponent } = e;
  const terms: Expression[] = [];
  if (freeSymbols(base).has(name)) {
    const own = inner(base);
    if (own === undefined) return undefined;
    const less =
      exponent.kind === 'number'
        ? exact(add(exponent.value, negate(RATIONAL_ONE)))
        : difference(exponent, ONE);
    const lowered = isWholeNumber(less, 0n)
      ? []
      : [isWholeNumber(less, 1n) ? base : { ...e, exponent: less }];
    terms.push(product(exponent, ...lowered, ...(isWholeNumber(own, 1n) ? [] : [own])));
  }
  if (freeSymbols(exponent).has(name)) {
    const own = inner(exponent);
    if (own === undefined) return undefined;
    const logarithm = base.kind === 'constant' && base.name === 'e' ? [] : [call('ln', base)];
    terms.push(product(e, ...logarithm, ...(isWholeNumber(own, 1n) ? [] : [own])));
  }
  return sum(...terms);
}

function times(outer: Expression | undefined, inner: Expression): Expression | undefined {
  if (outer === undefined) return undefined;
  return isWholeNumber(inner, 1n) ? outer : product(outer, inner);
}

/** Derivatives of the functions that stand in scalar forms. */
const DERIVATIVES: Partial<Record<CallExpression['name'], (x: Expression) => Expression>> = {
  sin: (x) => call('cos', x),
  cos: (x) => minus(call('sin', x)),
  ln: (x) => power(x, integer(-1)),
  arcsin: (x) => power(difference(ONE, power(x, integer(2))), exact({ n: -1n, d: 2n })),
  arccos: (x) => minus(power(difference(ONE, power(x, integer(2))), exact({ n: -1n, d: 2n }))),
  arctan: (x) => quotient(ONE, sum(ONE, power(x, integer(2)))),
};
