import type { GraphBuilder } from '../builder.js';
import * as op from '../ops/index.js';
import { dimAt } from '../shapes.js';
import type { Dim, Value } from '../types.js';
import { unbroadcast } from './broadcast.js';
import type { GradientRule } from './rule.js';

/** Zeros in the shape of x. */
export function zerosLike(g: GraphBuilder, x: Value): Value {
  return g.emit1('ConstantOfShape', [op.shapeOf(g, x)], 'float32', x.shape);
}

/** Sizes of values along an axis as an int64 vector, computed in the graph. */
function extents(g: GraphBuilder, values: readonly Value[], axis: number): Value {
  const sizes = values.map((value) => op.gather(g, op.shapeOf(g, value), g.constant('int64', [1], [axis])));
  return op.concat(g, sizes, 0);
}

function axisAttribute(
  attributes: Readonly<Record<string, { readonly kind: string; readonly value: unknown }>>,
): number {
  return attributes['axis']?.kind === 'int' ? (attributes['axis'].value as number) : 0;
}

const viewRule: GradientRule = ({ g, dy, input }) => [op.reshapeLike(g, dy, input(0))];

export const layoutRules: Readonly<Record<string, GradientRule>> = {
  Reshape: viewRule,
  Unsqueeze: viewRule,
  Squeeze: viewRule,
  Identity: ({ dy }) => [dy],
  Expand: ({ g, dy, input }) => [unbroadcast(g, dy, input(0))],
  Transpose: ({ g, node, dy }) => {
    const attribute = node.attributes['perm'];
    const permutation = attribute?.kind === 'ints' ? attribute.value : [];
    return [
      op.transpose(
        g,
        dy,
        permutation.map((_, i) => permutation.indexOf(i)),
      ),
    ];
  },
  Concat: ({ g, node, dy, input }) => {
    const axis = axisAttribute(node.attributes);
    const parts = node.inputs.map((_, i) => input(i));
    const sizes: Dim[] = parts.map((part) => dimAt(part, axis));
    if (sizes.every((size) => typeof size === 'number')) return op.split(g, dy, sizes, axis);
    return op.splitBy(g, dy, extents(g, parts, axis), sizes, axis);
  },
  Split: ({ g, node, dys, input, output }) => {
    const axis = axisAttribute(node.attributes);
    const parts = dys.map((dy, i) => dy ?? zerosLike(g, output(i)));
    return [op.concat(g, parts, axis, dimAt(input(0), axis))];
  },
  Gather: ({ g, node, dy, input, output }) => {
    const permutation = op.permutations.get(output(0));
    if (permutation !== undefined) {
      const x = input(0);
      const row = x.shape.slice(1) as number[];
      const source = permutation.partial
        ? op.concat(
            g,
            [
              dy,
              g.constant('float32', [1, ...row], new Array<number>(row.reduce((p, d) => p * d, 1)).fill(0)),
            ],
            0,
            'rows_and_zero',
          )
        : dy;
      return [
        g.emit1('Gather', [source, permutation.inverse], 'float32', x.shape, {
          attributes: { axis: { kind: 'int', value: 0 } },
        }),
      ];
    }
    if (axisAttribute(node.attributes) !== 0) return [undefined];
    // ScatterND takes no int32.
    const wide = input(1).type === 'int64' ? input(1) : op.cast(g, input(1), 'int64');
    const indices = op.unsqueeze(g, wide, -1);
    return [
      g.emit1('ScatterND', [zerosLike(g, input(0)), indices, dy], 'float32', input(0).shape, {
        attributes: { reduction: { kind: 'string', value: 'add' } },
      }),
    ];
  },
  GatherElements: ({ g, node, dy, input }) => [
    g.emit1('ScatterElements', [zerosLike(g, input(0)), input(1), dy], 'float32', input(0).shape, {
      attributes: {
        axis: { kind: 'int', value: axisAttribute(node.attributes) },
        reduction: { kind: 'string', value: 'add' },
      },
    }),
  ],
};
