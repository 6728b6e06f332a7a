import type { GraphBuilder } from '../builder.js';
import * as op from '../ops/index.js';
import type { Initializer, Node, Value } from '../types.js';
import type { GradientRule } from './rule.js';

/** Axes over which a reduction goes: they are a constant of the graph. */
function reducedAxes(node: Node): readonly number[] {
  const axes = node.inputs[1] as Initializer | undefined;
  return axes?.data instanceof BigInt64Array ? Array.from(axes.data, Number) : [];
}

/** dy with the reduced axes put back as extent 1, repeated to the input's shape. */
function spread(g: GraphBuilder, node: Node, dy: Value, input: Value): Value {
  const axes = reducedAxes(node);
  const kept = input.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const aligned =
    dy.shape.length === input.shape.length ? dy : g.emit1('Unsqueeze', [dy, node.inputs[1]], dy.type, kept);
  return op.expand(g, aligned, op.shapeOf(g, input), input.shape);
}

/** Number of elements in one reduced group as a float scalar, computed in the graph. */
function groupSize(g: GraphBuilder, node: Node, input: Value): Value {
  const sizes = op.gather(
    g,
    op.shapeOf(g, input),
    g.constant('int64', [reducedAxes(node).length], reducedAxes(node)),
  );
  const product = g.emit1('ReduceProd', [sizes], 'int64', [], {
    attributes: { keepdims: { kind: 'int', value: 0 } },
  });
  return op.cast(g, product, 'float32');
}

export const reduceRules: Readonly<Record<string, GradientRule>> = {
  ReduceSum: ({ g, node, dy, input }) => [spread(g, node, dy, input(0))],
  ReduceMean: ({ g, node, dy, input }) => [
    op.div(g, spread(g, node, dy, input(0)), groupSize(g, node, input(0))),
  ],
  // dx = y (dy - sum(dy y)) over the last axis
  Softmax: ({ g, dy, output }) => {
    const weighted = op.mul(g, dy, output(0));
    return [op.sub(g, weighted, op.mul(g, output(0), op.reduceSum(g, weighted, [-1], true)))];
  },
  // dx = dy - softmax(x) sum(dy) over the last axis
  LogSoftmax: ({ g, dy, output }) => [
    op.sub(g, dy, op.mul(g, op.exp(g, output(0)), op.reduceSum(g, dy, [-1], true))),
  ],
};
