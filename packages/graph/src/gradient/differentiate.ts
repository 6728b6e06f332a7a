import type { GraphBuilder } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { add, stopped } from '../ops/elementwise.js';
import { reads } from '../prune.js';
import { expectType, sameShape } from '../shapes.js';
import type { Node, Value } from '../types.js';
import { gradientRules } from './rules.js';

/** An output with the gradient of the loss by it. */
export interface Cotangent {
  readonly of: Value;
  /** Same shape as `of`. */
  readonly gradient: Value;
}

/**
 * Adds to the graph the nodes that compute dLoss/d(wrt), given dLoss/d(outputs): reverse mode over the nodes made
 * so far.
 * @returns one gradient per value in `wrt`, in its order and shape
 * @throws DoppioError GRAPH_NO_RULE naming the node through which a gradient would have to flow,
 *   GRAPH_NO_PATH where an output does not depend on a value in `wrt` at all, GRAPH_FOREIGN, GRAPH_TYPE and GRAPH_SHAPE
 *   for values that cannot be differentiated, or gradients that do not fit them
 */
export function differentiate(
  g: GraphBuilder,
  cotangents: readonly Cotangent[],
  wrt: readonly Value[],
): Value[] {
  for (const value of [...wrt, ...cotangents.flatMap(({ of, gradient }) => [of, gradient])]) {
    g.expectVisible(g.at('differentiate'), value);
    expectType(g.at('differentiate'), value, 'float32');
  }
  const nodes = [...g.nodes];
  const dependent = dependentsOf(nodes, wrt);
  const gradients = new Map<Value, Value>();
  const accumulate = (value: Value, gradient: Value): void => {
    const known = gradients.get(value);
    gradients.set(value, known === undefined ? gradient : add(g, known, gradient));
  };
  for (const { of, gradient } of cotangents) {
    if (!sameShape(of.shape, gradient.shape))
      throw graphError(
        'GRAPH_SHAPE',
        of.name,
        'a cotangent has another shape than its output',
        `${showShape(gradient.shape)} for ${showShape(of.shape)}`,
      );
    accumulate(of, gradient);
  }
  for (const node of nodes.reverse()) {
    const dys = node.outputs.map((output) => gradients.get(output));
    if (dys.every((dy) => dy === undefined) || !node.outputs.some((output) => dependent.has(output)))
      continue;
    applyRule(g, node, dys, dependent, accumulate);
  }
  return wrt.map((value) => {
    const gradient = gradients.get(value);
    if (gradient === undefined)
      throw graphError(
        'GRAPH_NO_PATH',
        value.name,
        'no gradient reaches a value',
        'the outputs do not depend on it',
        'leave it out of wrt',
      );
    return gradient;
  });
}

/** Values that depend on `wrt` through differentiable operators. */
function dependentsOf(nodes: readonly Node[], wrt: readonly Value[]): ReadonlySet<Value> {
  const dependent = new Set<Value>(wrt);
  for (const node of nodes) {
    // What a loop's body captures counts too: a gradient through it is missing, not zero.
    if (!reads(node).some((value) => dependent.has(value))) continue;
    for (const output of node.outputs)
      if (output.type === 'float32' && !stopped.has(output)) dependent.add(output);
  }
  return dependent;
}

function applyRule(
  g: GraphBuilder,
  node: Node,
  dys: readonly (Value | undefined)[],
  dependent: ReadonlySet<Value>,
  accumulate: (value: Value, gradient: Value) => void,
): void {
  const rule = gradientRules[node.op];
  if (rule === undefined)
    throw graphError(
      'GRAPH_NO_RULE',
      node.path,
      `no gradient rule for operator ${node.op}`,
      node.inputs.map((i) => i?.name ?? '-').join(', '),
      'add one to packages/graph/src/gradient, or stopGradient its result',
    );
  const pick = (values: readonly (Value | undefined)[], i: number): Value => {
    const value = values[i];
    if (value === undefined)
      throw graphError(
        'GRAPH_NO_RULE',
        node.path,
        `the rule of ${node.op} needs value ${String(i)}`,
        'it is not there',
      );
    return value;
  };
  const results = g.scope(`${node.path}/gradient`, () =>
    rule({
      g,
      node,
      dys,
      get dy() {
        return pick(dys, 0);
      },
      needs: (i) => node.inputs[i] !== undefined && dependent.has(node.inputs[i]),
      input: (i) => pick(node.inputs, i),
      output: (i) => pick(node.outputs, i),
      number: (name, fallback) => {
        const attribute = node.attributes[name];
        return attribute?.kind === 'int' || attribute?.kind === 'float' ? attribute.value : fallback;
      },
      refuse: (what, seen) => graphError('GRAPH_NO_RULE', node.path, what, seen),
    }),
  );
  node.inputs.forEach((input, i) => {
    if (input === undefined || !dependent.has(input)) return;
    const gradient = results[i];
    if (gradient === undefined)
      throw graphError(
        'GRAPH_NO_RULE',
        node.path,
        `the rule of ${node.op} gives no gradient for input ${String(i)}`,
        input.name,
      );
    if (gradient.type !== input.type || !sameShape(gradient.shape, input.shape))
      throw graphError(
        'GRAPH_SHAPE',
        node.path,
        `the rule of ${node.op} gives a gradient that does not fit input ${String(i)}`,
        `${gradient.type} ${showShape(gradient.shape)} for ${input.type} ${showShape(input.shape)}`,
        'undo broadcasting with unbroadcast',
      );
    accumulate(input, gradient);
  });
}
