import * as op from '../ops/index.js';
import { axesOf } from '../shapes.js';
import type { Initializer, Value } from '../types.js';
import type { GradientRule, RuleContext } from './rule.js';

/** Axes over which a reduction goes: the functions in `ops/` make them a constant of the graph. */
function reducedAxes({ node, input, refuse }: RuleContext): readonly number[] {
  const axes = node.inputs[1] as Initializer | undefined;
  if (!(axes?.data instanceof BigInt64Array))
    throw refuse(`the rule of ${node.op} needs axes that are a constant`, axes?.name ?? 'no axes');
  return axesOf(node.path, input(0).shape, Array.from(axes.data, Number));
}

/** dy with the reduced axes put back as extent 1, repeated to the input's shape. */
function spread(context: RuleContext): Value {
  const { g, node, dy } = context;
  const input = context.input(0);
  const axes = reducedAxes(context);
  const kept = input.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const aligned =
    dy.shape.length === input.shape.length ? dy : g.emit1('Unsqueeze', [dy, node.inputs[1]], dy.type, kept);
  return op.expand(g, aligned, op.shapeOf(g, input), input.shape);
}

/** Number of elements in one reduced group as a float scalar, computed in the graph. */
function groupSize(context: RuleContext): Value {
  const { g } = context;
  const axes = reducedAxes(context);
  const sizes = op.gather(g, op.shapeOf(g, context.input(0)), g.constant('int64', [axes.length], axes));
  const product = g.emit1('ReduceProd', [sizes], 'int64', [], {
    attributes: { keepdims: { kind: 'int', value: 0 } },
  });
  return op.cast(g, product, 'float32');
}

export const reduceRules: Readonly<Record<string, GradientRule>> = {
  ReduceSum: (context) => [spread(context)],
  ReduceMean: (context) => [op.div(context.g, spread(context), groupSize(context))],
  // dx = y (dy - sum(dy y)) over the operator's axis
  Softmax: ({ g, dy, output, number }) => {
    const weighted = op.mul(g, dy, output(0));
    const sum = op.reduceSum(g, weighted, [number('axis', -1)], true);
    return [op.sub(g, weighted, op.mul(g, output(0), sum))];
  },
  // dx = dy - softmax(x) sum(dy) over the operator's axis
  LogSoftmax: ({ g, dy, output, number }) => {
    const sum = op.reduceSum(g, dy, [number('axis', -1)], true);
    return [op.sub(g, dy, op.mul(g, op.exp(g, output(0)), sum))];
  },
};
