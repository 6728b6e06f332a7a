import type { GraphBuilder } from '../builder.js';
import { sizeOf } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { axisOf, dimAt, expectRank, expectType, sameShape } from '../shapes.js';
import type { Dim, Shape, Value } from '../types.js';
import { int, ints } from './attributes.js';

/** Reshapes to a shape with at most one extent that is not a number (computed from the rest). */
export function reshape(g: GraphBuilder, x: Value, shape: Shape): Value {
  const path = g.at('Reshape');
  const named = shape.filter((dim) => typeof dim === 'string');
  const [from, to] = [sizeOf(x.shape), sizeOf(shape)];
  if (named.length > 1)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'more than one extent of a reshape is not known',
      showShape(shape),
      'use reshapeLike, or pass the shape as a value',
    );
  if (from !== undefined && to !== undefined && from !== to)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'a reshape changes the number of elements',
      `${showShape(x.shape)} to ${showShape(shape)}`,
    );
  if (sameShape(x.shape, shape)) return x;
  const target = g.constant(
    'int64',
    [shape.length],
    shape.map((dim) => (typeof dim === 'string' ? -1 : dim)),
  );
  return g.emit1('Reshape', [x, target], x.type, shape);
}

/** Reshapes to a shape computed in the graph; `shape` says what is known of it. */
export function reshapeTo(g: GraphBuilder, x: Value, target: Value, shape: Shape): Value {
  expectType(g.at('Reshape'), target, 'int64');
  return g.emit1('Reshape', [x, target], x.type, shape);
}

/** Reshapes to the shape of another value. */
export function reshapeLike(g: GraphBuilder, x: Value, like: Value): Value {
  if (sameShape(x.shape, like.shape)) return x;
  if (like.shape.filter((dim) => typeof dim === 'string').length <= 1) return reshape(g, x, like.shape);
  return reshapeTo(g, x, shapeOf(g, like), like.shape);
}

/** The extents of x as an int64 vector. */
export function shapeOf(g: GraphBuilder, x: Value): Value {
  return g.emit1('Shape', [x], 'int64', [x.shape.length]);
}

export function transpose(g: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  const path = g.at('Transpose');
  const seen = new Set(permutation);
  if (permutation.length !== x.shape.length || seen.size !== permutation.length)
    throw graphError(
      'GRAPH_RANK',
      path,
      'not a permutation of the axes',
      `${ints(permutation).value.toString()} of ${showShape(x.shape)}`,
    );
  return g.emit1(
    'Transpose',
    [x],
    x.type,
    permutation.map((axis) => dimAt(x, axisOf(path, x.shape, axis))),
    { attributes: { perm: ints(permutation) } },
  );
}

/** Joins along an axis; `extent` names the joined extent where it cannot be added up. */
export function concat(g: GraphBuilder, parts: readonly Value[], axis: number, extent?: Dim): Value {
  const path = g.at('Concat');
  const first = parts[0];
  if (first === undefined) throw graphError('GRAPH_SHAPE', path, 'nothing to join', 'no parts');
  const at = axisOf(path, first.shape, axis);
  let sum: number | undefined = 0;
  for (const part of parts) {
    if (part.type !== first.type)
      throw graphError('GRAPH_TYPE', path, 'parts have different types', `${first.type} and ${part.type}`);
    if (
      part.shape.length !== first.shape.length ||
      part.shape.some((dim, i) => i !== at && dim !== first.shape[i])
    ) {
      throw graphError(
        'GRAPH_SHAPE',
        path,
        'parts do not fit beside each other',
        parts.map((p) => showShape(p.shape)).join(', '),
      );
    }
    const dim = dimAt(part, at);
    sum = sum === undefined || typeof dim === 'string' ? undefined : sum + dim;
  }
  const joined = sum ?? extent;
  if (joined === undefined)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'the joined extent is not known',
      parts.map((p) => showShape(p.shape)).join(', '),
      'name it',
    );
  return g.emit1(
    'Concat',
    parts,
    first.type,
    first.shape.map((dim, i) => (i === at ? joined : dim)),
    { attributes: { axis: int(at) } },
  );
}

/** Cuts along an axis into parts of known sizes. */
export function split(g: GraphBuilder, x: Value, sizes: readonly number[], axis: number): Value[] {
  const path = g.at('Split');
  const at = axisOf(path, x.shape, axis);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const extent = dimAt(x, at);
  if (typeof extent === 'number' && extent !== total)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'part sizes do not add up',
      `${sizes.join(' + ')} of ${showShape(x.shape)}`,
    );
  return g.emit(
    'Split',
    [x, g.constant('int64', [sizes.length], sizes)],
    sizes.map((size) => ({ type: x.type, shape: x.shape.map((dim, i) => (i === at ? size : dim)) })),
    { attributes: { axis: int(at) } },
  );
}

/** Cuts along an axis into parts whose sizes are computed in the graph; `extents` names them. */
export function splitBy(
  g: GraphBuilder,
  x: Value,
  sizes: Value,
  extents: readonly Dim[],
  axis: number,
): Value[] {
  const path = g.at('Split');
  const at = axisOf(path, x.shape, axis);
  expectType(path, sizes, 'int64');
  return g.emit(
    'Split',
    [x, sizes],
    extents.map((size) => ({ type: x.type, shape: x.shape.map((dim, i) => (i === at ? size : dim)) })),
    { attributes: { axis: int(at) } },
  );
}

/** x[..., start:end, ...] along an axis; bounds are int64 vectors of one element, `extent` names the result's. */
export function slice(g: GraphBuilder, x: Value, start: Value, end: Value, axis: number, extent: Dim): Value {
  const at = axisOf(g.at('Slice'), x.shape, axis);
  return g.emit1(
    'Slice',
    [x, start, end, g.constant('int64', [1], [at])],
    x.type,
    x.shape.map((dim, i) => (i === at ? extent : dim)),
  );
}

/** Rows of x (axis 0) at integer indices of any shape. */
export function gather(g: GraphBuilder, x: Value, indices: Value, axis = 0): Value {
  const at = axisOf(g.at('Gather'), x.shape, axis);
  if (indices.type !== 'int64' && indices.type !== 'int32')
    throw graphError('GRAPH_TYPE', g.at('Gather'), 'indices must be integers', indices.type);
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
  return g.emit1('GatherElements', [x, indices], x.type, indices.shape, {
    attributes: { axis: int(x.shape.length - 1) },
  });
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
  expectRank(path, forward, 1);
  expectRank(path, inverse, 1);
  const out = g.emit1('Gather', [x, forward], x.type, [...forward.shape, ...x.shape.slice(1)], {
    attributes: { axis: int(0) },
  });
  permutations.set(out, { inverse, partial });
  return out;
}

/** Marks gathers made by {@link permuteRows}; differentiation reads it. Keyed by the output value. */
export const permutations = new WeakMap<Value, { readonly inverse: Value; readonly partial: boolean }>();

/** Repeats along axes of extent 1 up to the given shape (int64 vector `target`). */
export function expand(g: GraphBuilder, x: Value, target: Value, shape: Shape): Value {
  return g.emit1('Expand', [x, target], x.type, shape);
}

export function unsqueeze(g: GraphBuilder, x: Value, axis: number): Value {
  const shape = [...x.shape];
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  shape.splice(at, 0, 1);
  return g.emit1('Unsqueeze', [x, g.constant('int64', [1], [at])], x.type, shape);
}

export function squeeze(g: GraphBuilder, x: Value, axis: number): Value {
  const at = axisOf(g.at('Squeeze'), x.shape, axis);
  return g.emit1(
    'Squeeze',
    [x, g.constant('int64', [1], [at])],
    x.type,
    x.shape.filter((_, i) => i !== at),
  );
}
