import type { Expression } from '../answer/expression.js';
import type { Polynomial } from './polynomial.js';

/**
 * What polynomials are made of. `symbol`, `prime` (a positive root of a prime), `imaginary` and `transcendental` (pi
 * alone or e alone) have no relations but those that multiplication applies: polynomials in these that look different
 * are different. Of the others only equality can be seen.
 */
export type GeneratorKind = 'symbol' | 'prime' | 'imaginary' | 'circle' | 'transcendental' | 'other';

export interface Generator {
  readonly kind: GeneratorKind;
  readonly name: string;
  /** What its first power is worth. */
  readonly expression: Expression;
  /** Of `prime`. */
  readonly prime?: bigint;
  /** Of `prime`: it may be composite after all. */
  readonly uncertain?: boolean;
  /** A constant above zero: powers of products with it may be taken apart. */
  readonly positive: boolean;
  /** Its power `at` is this polynomial. */
  readonly relation?: { readonly at: number; readonly value: Polynomial };
  /** The logarithm's argument, for what is a logarithm; the exponent, for what is a power of e. */
  readonly inverse?: Fraction;
}

/** Numerator and denominator, not reduced. A denominator of one term is always 1. */
export interface Fraction {
  readonly num: Polynomial;
  readonly den: Polynomial;
}
