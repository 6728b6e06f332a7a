import type { Expression } from '../../answer/expression.js';

/**
 * What Math-Verify's parser makes of a string, as an expression:
 * - its `FiniteSet` is a `set` (or a `list`: both are taken), its `Tuple` a `tuple`, its `And` of relations a chain;
 * - its `Float` is a number with `significant`, its `oo` the constant `infinity`;
 * - a literal percentage in LaTeX is `product(n, percent(1))`, a percent sign after a formula or number `percent(n)`:
 *   Math-Verify rounds only the second kind;
 * - a symbol that it does not take for real carries `NOT_REAL` at the end of its name, because there x and x differ.
 */
export type CompatValue = Expression;

/** End of the name of a symbol that is not known to be real. */
export const NOT_REAL = '∈ℂ';

/** Name of a symbol as it is printed. */
export function printedName(name: string): string {
  return name.endsWith(NOT_REAL) ? name.slice(0, -NOT_REAL.length) : name;
}
