import * as op from '../ops/index.js';
import { unbroadcast } from './broadcast.js';
import type { GradientRule } from './rule.js';

export const transformerRules: Readonly<Record<string, GradientRule>> = {
  // y = x r w with r = 1 / sqrt(mean(x^2) + eps), the node's second output.
  // dx = r (dy w - x r mean(dy w x r)), dw = sum over rows of dy x r
  SimplifiedLayerNormalization: ({ g, dy, needs, input, output }) => {
    const [x, weight, r] = [input(0), input(1), output(1)];
    const normed = op.mul(g, x, r);
    const dNormed = op.mul(g, dy, weight);
    const dx = () =>
      op.mul(
        g,
        r,
        op.sub(g, dNormed, op.mul(g, normed, op.reduceMean(g, op.mul(g, dNormed, normed), [-1], true))),
      );
    return [
      needs(0) ? dx() : undefined,
      needs(1) ? unbroadcast(g, op.mul(g, dy, normed), weight) : undefined,
    ];
  },
  // The transpose of a rotation is the rotation back.
  RotaryEmbedding: ({ g, node, dy, input }) => [
    g.emit1('RotaryEmbedding', [dy, input(1), input(2), op.neg(g, input(3))], 'float32', dy.shape, {
      domain: 'com.microsoft',
      attributes: node.attributes,
    }),
  ],
};
