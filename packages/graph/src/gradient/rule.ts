import type { DoppioError } from '@doppio/core';
import type { GraphBuilder } from '../builder.js';
import type { Node, Value } from '../types.js';

/** What a rule is given: the node, the gradients of its outputs and which inputs need one. */
export interface RuleContext {
  readonly g: GraphBuilder;
  readonly node: Node;
  /** dLoss/dOutput of the first output; rules of one-output operators use only this. */
  readonly dy: Value;
  /** dLoss/dOutput of every output; undefined where the loss does not depend on it. */
  readonly dys: readonly (Value | undefined)[];
  readonly needs: (input: number) => boolean;
  /** The i-th input, which must exist. */
  readonly input: (i: number) => Value;
  readonly output: (i: number) => Value;
  /** A number among the node's attributes, or what the operator takes where it is not given. */
  readonly number: (attribute: string, fallback: number) => number;
  /** The error of a rule that does not hold for this node; to be thrown. */
  readonly refuse: (what: string, seen: string) => DoppioError;
}

/** A vector-Jacobian product: gradients of the inputs, undefined where there is none. */
export type GradientRule = (context: RuleContext) => readonly (Value | undefined)[];
