import type { GraphBuilder } from '../builder.js';
import { sizeOf } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { axisOf, broadcastShapes, dimAt, expectIndexVector, expectShape, sameShape } from '../shapes.js';
import type { Shape, Value } from '../types.js';
import { ints } from './attributes.js';

/** Reshapes to a shape with at most one extent that is not a number (computed from the rest). */
export function reshape(g: GraphBuilder, x: Value, shape: Shape): Value {
  const path = g.at('Reshape');
  expectShape(path, shape);
  const named = shape.filter((dim) => typeof dim === 'string');
  if (named.length > 1)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'more than one extent of a reshape is not known',
      showShape(shape),
      'use reshapeLike, or pass the shape as a value',
    );
  expectSameSize(path, x.shape, shape);
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
  const path = g.at('Reshape');
  expectIndexVector(path, target, shape.length);
  expectSameSize(path, x.shape, shape);
  return g.emit1('Reshape', [x, target], x.type, shape);
}

/** Refuses what no extents under the names can make fit. */
function expectSameSize(path: string, from: Shape, to: Shape): void {
  const names = (shape: Shape): string[] => shape.filter((dim) => typeof dim === 'string').sort();
  const size = (shape: Shape): number => sizeOf(shape.filter((dim) => typeof dim === 'number')) as number;
  // Equal names cancel out; what is left must be equal, or a multiple where the other side has names left.
  const [named, wanted] = [names(from), names(to)];
  const possible =
    named.join() === wanted.join()
      ? size(from) === size(to)
      : (named.length > 0 || size(from) % size(to) === 0) &&
        (wanted.length > 0 || size(to) % size(from) === 0);
  if (!possible)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'a reshape changes the number of elements',
      `${showShape(from)} to ${showShape(to)}`,
    );
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
  const axes = permutation.map((axis) => axisOf(path, x.shape, axis));
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length)
    throw graphError(
      'GRAPH_RANK',
      path,
      'not a permutation of the axes',
      `[${permutation.join(', ')}] of ${showShape(x.shape)}`,
    );
  const shape = axes.map((axis) => dimAt(x, axis));
  return g.emit1('Transpose', [x], x.type, shape, { attributes: { perm: ints(axes) } });
}

/** Repeats along axes of extent 1 up to the given shape (int64 vector `target`). */
export function expand(g: GraphBuilder, x: Value, target: Value, shape: Shape): Value {
  const path = g.at('Expand');
  expectIndexVector(path, target, shape.length);
  if (!sameShape(broadcastShapes(path, x.shape, shape), shape))
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'only axes of extent 1 can be repeated',
      `${showShape(x.shape)} to ${showShape(shape)}`,
    );
  return g.emit1('Expand', [x, target], x.type, shape);
}

/** Puts an axis of extent 1 at the place that it has in the result. */
export function unsqueeze(g: GraphBuilder, x: Value, axis: number): Value {
  const path = g.at('Unsqueeze');
  const at = axisOf(path, [...x.shape, 1], axis);
  const shape = [...x.shape.slice(0, at), 1, ...x.shape.slice(at)];
  return g.emit1('Unsqueeze', [x, g.constant('int64', [1], [at])], x.type, shape);
}

/** Drops an axis of extent 1. */
export function squeeze(g: GraphBuilder, x: Value, axis: number): Value {
  const path = g.at('Squeeze');
  const at = axisOf(path, x.shape, axis);
  if (dimAt(x, at) !== 1)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      `axis ${String(axis)} to be dropped has not extent 1`,
      showShape(x.shape),
    );
  return g.emit1(
    'Squeeze',
    [x, g.constant('int64', [1], [at])],
    x.type,
    x.shape.filter((_, i) => i !== at),
  );
}
