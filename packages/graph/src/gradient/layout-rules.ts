import { sizeOf, type GraphBuilder } from '../builder.js';
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

/** One row of zeros [1, ...] with the extents of a row of x. */
function zeroRow(g: GraphBuilder, x: Value): Value {
  const row = x.shape.slice(1);
  const size = sizeOf(row);
  if (size !== undefined)
    return g.constant('float32', [1, ...(row as number[])], new Array<number>(size).fill(0));
  const bound = (value: number): Value => g.constant('int64', [1], [value]);
  const extents = op.slice(g, op.shapeOf(g, x), bound(1), bound(x.shape.length), 0, row.length);
  return g.emit1('ConstantOfShape', [op.concat(g, [bound(1), extents], 0)], 'float32', [1, ...row]);
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
  Concat: ({ g, node, dy, input, number }) => {
    const axis = number('axis', 0);
    const parts = node.inputs.map((_, i) => input(i));
    const sizes: Dim[] = parts.map((part) => dimAt(part, axis));
    if (sizes.every((size) => typeof size === 'number')) return op.split(g, dy, sizes, axis);
    return op.splitBy(g, dy, extents(g, parts, axis), sizes, axis);
  },
  Split: ({ g, dys, input, output, number }) => {
    const axis = number('axis', 0);
    const parts = dys.map((dy, i) => dy ?? zerosLike(g, output(i)));
    return [op.concat(g, parts, axis, dimAt(input(0), axis))];
  },
  Gather: ({ g, dy, input, output, number, refuse }) => {
    const permutation = op.permutations.get(output(0));
    if (permutation !== undefined) {
      const x = input(0);
      const source = permutation.partial ? op.concat(g, [dy, zeroRow(g, x)], 0, 'rows_and_zero') : dy;
      return [
        g.emit1('Gather', [source, permutation.inverse], 'float32', x.shape, {
          attributes: { axis: { kind: 'int', value: 0 } },
        }),
      ];
    }
    if (number('axis', 0) !== 0)
      throw refuse('the rule of Gather is for axis 0 only', `axis ${String(number('axis', 0))}`);
    // ScatterND takes no int32.
    const wide = input(1).type === 'int64' ? input(1) : op.cast(g, input(1), 'int64');
    const indices = op.unsqueeze(g, wide, -1);
    return [
      g.emit1('ScatterND', [zerosLike(g, input(0)), indices, dy], 'float32', input(0).shape, {
        attributes: { reduction: { kind: 'string', value: 'add' } },
      }),
    ];
  },
  GatherElements: ({ g, dy, input, number }) => [
    g.emit1('ScatterElements', [zerosLike(g, input(0)), input(1), dy], 'float32', input(0).shape, {
      attributes: {
        axis: { kind: 'int', value: number('axis', 0) },
        reduction: { kind: 'string', value: 'add' },
      },
    }),
  ],
};
