import type { GraphBuilder } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { axisOf, dimAt, expectRank, expectType } from '../shapes.js';
import type { Value } from '../types.js';
import { int } from './attributes.js';

/** Rows of x (axis 0) at integer indices of any shape. */
export function gather(g: GraphBuilder, x: Value, indices: Value, axis = 0): Value {
  const path = g.at('Gather');
  const at = axisOf(path, x.shape, axis);
  expectType(path, indices, 'int64', 'int32');
  return g.emit1(
    'Gather',
    [x, indices],
    x.type,
    [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)],
    { attributes: { axis: int(at) } },
  );
}

/** Picks x[i, index[i, j]] along the last axis. */
export function gatherElements(g: GraphBuilder, x: Value, indices: Value): Value {
  const path = g.at('GatherElements');
  expectType(path, indices, 'int64', 'int32');
  const axis = axisOf(path, x.shape, -1);
  expectRank(path, indices, x.shape.length);
  // The operator would read the first rows only, should there be fewer indices: a mistake more often than a wish.
  if (indices.shape.some((dim, i) => i !== axis && dim !== x.shape[i]))
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'indices must have the extents of what they pick from, but for the last',
      `${showShape(indices.shape)} into ${showShape(x.shape)}`,
    );
  return g.emit1('GatherElements', [x, indices], x.type, indices.shape, { attributes: { axis: int(axis) } });
}

/**
 * Rearranges rows (axis 0) of x [from, ...]: out[j] = x[forward[j]]. `inverse` [from] says where each row of x
 * went, so that the gradient is a gather again and not a scatter: dx[i] = dout[inverse[i]].
 * An inverse index equal to the number of output rows means "went nowhere": that row's gradient is 0
 * (`partial` must then be true).
 */
export function permuteRows(
  g: GraphBuilder,
  x: Value,
  forward: Value,
  inverse: Value,
  partial: boolean,
): Value {
  const path = g.at('PermuteRows');
  const axis = axisOf(path, x.shape, 0);
  for (const rows of [forward, inverse]) {
    expectRank(path, rows, 1);
    expectType(path, rows, 'int64', 'int32');
  }
  if (dimAt(inverse, 0) !== dimAt(x, axis))
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'the inverse must have an entry for each row',
      `${showShape(inverse.shape)} for ${showShape(x.shape)}`,
    );
  const out = g.emit1('Gather', [x, forward], x.type, [...forward.shape, ...x.shape.slice(1)], {
    attributes: { axis: int(axis) },
  });
  permutations.set(out, { inverse, partial });
  return out;
}

/** Marks gathers made by {@link permuteRows}; differentiation reads it. Keyed by the output value. */
export const permutations = new WeakMap<Value, { readonly inverse: Value; readonly partial: boolean }>();
