import type { Rational } from '../values/rational.js';

/**
 * An answer as it was read: a tree that says what was written, not yet what it is worth. Both readers make it, the
 * values are computed from it, and the rules compare it.
 *
 * Differences and quotients are sums and products: a - b is `sum(a, product(-1, b))`, a / b is `product(a, power(b, -1))`.
 */
export type Expression =
  | NumberExpression
  | ConstantExpression
  | SymbolExpression
  | SumExpression
  | ProductExpression
  | PowerExpression
  | CallExpression
  | ApplicationExpression
  | SeriesExpression
  | OpaqueExpression
  | PlusMinusExpression
  | QuantityExpression
  | PercentExpression
  | DegreesExpression
  | RatioExpression
  | BasedExpression
  | RelationExpression
  | ListExpression
  | TupleExpression
  | SetExpression
  | IntervalExpression
  | SetOperationExpression
  | NamedSetExpression
  | SetBuilderExpression
  | MatrixExpression
  | ChoiceExpression
  | TextExpression;

export interface NumberExpression {
  readonly kind: 'number';
  readonly value: Rational;
  /**
   * Significant digits, where the number was written as a decimal (`0.0833` has 3, `1.50` has 3, `2.5e-3` has 2).
   * Absent for integers and fractions: those are exact.
   */
  readonly significant?: number;
}

export interface ConstantExpression {
  readonly kind: 'constant';
  /** `i` is the imaginary unit, `complex-infinity` what 1/0 gives in Math-Verify. */
  readonly name:
    'pi' | 'e' | 'i' | 'infinity' | 'golden-ratio' | 'euler-gamma' | 'complex-infinity' | 'undefined';
}

/** A variable, its subscript and accent in the name: `x`, `x_1`, `x_{max}`, `bar{x}`, `alpha`. */
export interface SymbolExpression {
  readonly kind: 'symbol';
  readonly name: string;
}

export interface SumExpression {
  readonly kind: 'sum';
  /** Two or more, as written from left to right. */
  readonly terms: readonly Expression[];
}

export interface ProductExpression {
  readonly kind: 'product';
  /** Two or more, as written from left to right. */
  readonly factors: readonly Expression[];
}

/** Roots are powers too: the cube root of x is `power(x, 1/3)` with `root` set. */
export interface PowerExpression {
  readonly kind: 'power';
  readonly base: Expression;
  readonly exponent: Expression;
  /** Written as a root: an odd root of a negative number is then real. */
  readonly root?: boolean;
}

/** Functions that can be evaluated. Arguments in the order of usual notation: `log` (x, base), `binomial` (n, k). */
export const FUNCTION_NAMES = [
  'sin',
  'cos',
  'tan',
  'cot',
  'sec',
  'csc',
  'arcsin',
  'arccos',
  'arctan',
  'arccot',
  'arcsec',
  'arccsc',
  'sinh',
  'cosh',
  'tanh',
  'coth',
  'sech',
  'csch',
  'arsinh',
  'arcosh',
  'artanh',
  'exp',
  'ln',
  'log',
  'abs',
  'sign',
  'floor',
  'ceil',
  'round',
  'fractional-part',
  'factorial',
  'double-factorial',
  'subfactorial',
  'gamma',
  'binomial',
  'permutations',
  'gcd',
  'lcm',
  'mod',
  'min',
  'max',
  're',
  'im',
  'arg',
  'conjugate',
  'determinant',
  'trace',
  'rank',
  'transpose',
  'norm',
  'totient',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

export interface CallExpression {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly args: readonly Expression[];
}

/** An unknown function: `f(x)`, `P(A, B)`; derivatives keep their primes in the name (`f'`). */
export interface ApplicationExpression {
  readonly kind: 'application';
  readonly name: string;
  readonly args: readonly Expression[];
}

/** Sum or product over an index from `from` to `to`. */
export interface SeriesExpression {
  readonly kind: 'series';
  readonly operation: 'sum' | 'product';
  readonly index: string;
  readonly from: Expression;
  readonly to: Expression;
  readonly body: Expression;
}

/** Integrals, limits, derivatives and the like: compared part by part only. */
export interface OpaqueExpression {
  readonly kind: 'opaque';
  readonly head: string;
  readonly parts: readonly Expression[];
}

/** `a \pm b` (with `left`), `\pm b` (without). */
export interface PlusMinusExpression {
  readonly kind: 'plus-minus';
  readonly left?: Expression;
  readonly right: Expression;
  readonly sign: 'plus-minus' | 'minus-plus';
}

/** A number with a unit: `12 m`, `$5`, `3 m/s^2`. */
export interface QuantityExpression {
  readonly kind: 'quantity';
  readonly value: Expression;
  /** Factors as written: `m/s^2` is m to the power 1, s to the power -2. */
  readonly unit: readonly UnitFactor[];
}

export interface UnitFactor {
  /** As written, plural and all: `cm`, `miles`, `$`, `students`. */
  readonly name: string;
  readonly power: Rational;
}

export interface PercentExpression {
  readonly kind: 'percent';
  readonly value: Expression;
}

export interface DegreesExpression {
  readonly kind: 'degrees';
  readonly value: Expression;
}

/** `11:21`, `12:30`, `1:2:3`. */
export interface RatioExpression {
  readonly kind: 'ratio';
  readonly parts: readonly Expression[];
  /** Time of day in letters after it. */
  readonly meridiem?: 'am' | 'pm';
}

/** Digits in a number base: `204_5`, `1010_2`, `\text{A3}_{16}`. */
export interface BasedExpression {
  readonly kind: 'based';
  /** Upper case. */
  readonly digits: string;
  readonly base: number;
}

export type RelationOperator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | 'in' | 'not-in' | 'subset' | 'congruent';

/** A chain `a < b <= c` has three operands and two operators. */
export interface RelationExpression {
  readonly kind: 'relation';
  readonly operands: readonly Expression[];
  readonly operators: readonly RelationOperator[];
  /** Modulus of a congruence. */
  readonly modulus?: Expression;
}

/** Several answers without brackets: `1, 2`, `1 and 2`, `x = 1 or x = 2`, `1; 2`. */
export interface ListExpression {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  /** The word between the items, where one was written: `x < 1 or x > 3`. */
  readonly joined?: 'and' | 'or';
}

/** `(1, 2)`, `(a; b; c)`, `\langle 1, 2 \rangle`. Two in round or square brackets may also be an interval. */
export interface TupleExpression {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
  readonly open: '(' | '[' | '<';
  readonly close: ')' | ']' | '>';
}

export interface SetExpression {
  readonly kind: 'set';
  readonly items: readonly Expression[];
}

/** Known to be an interval: by its mixed brackets, an infinite end, or its place beside \cup or \in. */
export interface IntervalExpression {
  readonly kind: 'interval';
  readonly from: Expression;
  readonly to: Expression;
  readonly fromClosed: boolean;
  readonly toClosed: boolean;
}

export interface SetOperationExpression {
  readonly kind: 'set-operation';
  readonly operation: 'union' | 'intersection' | 'difference' | 'complement' | 'product';
  readonly parts: readonly Expression[];
}

export interface NamedSetExpression {
  readonly kind: 'named-set';
  readonly name: 'naturals' | 'integers' | 'rationals' | 'reals' | 'complex-numbers' | 'empty';
}

/** `{ element : conditions }`. */
export interface SetBuilderExpression {
  readonly kind: 'set-builder';
  readonly element: Expression;
  readonly conditions: readonly Expression[];
}

export interface MatrixExpression {
  readonly kind: 'matrix';
  /** [row][column]; a vector written as a column has rows of one. */
  readonly rows: readonly (readonly Expression[])[];
  /** Written between bars: its determinant is meant. */
  readonly determinant?: boolean;
}

/** A letter of a multiple-choice question, upper case: `C`, `(C)`, `\textbf{(C)}\ 12` (with `content`). */
export interface ChoiceExpression {
  readonly kind: 'choice';
  readonly letter: string;
  readonly content?: Expression;
}

/** Words. */
export interface TextExpression {
  readonly kind: 'text';
  /** As written, without LaTeX commands, single spaces. */
  readonly text: string;
}
