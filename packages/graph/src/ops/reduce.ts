import type { GraphBuilder } from '../builder.js';
import { axisOf, expectType } from '../shapes.js';
import type { Value } from '../types.js';
import { int } from './attributes.js';

function reduce(g: GraphBuilder, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const at = axes.map((axis) => axisOf(g.at(op), x.shape, axis));
  const shape = keepDims
    ? x.shape.map((dim, i) => (at.includes(i) ? 1 : dim))
    : x.shape.filter((_, i) => !at.includes(i));
  return g.emit1(op, [x, g.constant('int64', [at.length], at)], x.type, shape, {
    attributes: { keepdims: int(keepDims ? 1 : 0) },
  });
}

export const reduceSum = (g: GraphBuilder, x: Value, axes: readonly number[], keepDims = false): Value =>
  reduce(g, 'ReduceSum', x, axes, keepDims);
export const reduceMean = (g: GraphBuilder, x: Value, axes: readonly number[], keepDims = false): Value =>
  reduce(g, 'ReduceMean', x, axes, keepDims);
export const reduceMax = (g: GraphBuilder, x: Value, axes: readonly number[], keepDims = false): Value =>
  reduce(g, 'ReduceMax', x, axes, keepDims);

/** Softmax over the last axis. */
export function softmax(g: GraphBuilder, x: Value): Value {
  expectType(g.at('Softmax'), x, 'float32');
  return g.emit1('Softmax', [x], 'float32', x.shape, { attributes: { axis: int(x.shape.length - 1) } });
}

/** Log-softmax over the last axis. */
export function logSoftmax(g: GraphBuilder, x: Value): Value {
  expectType(g.at('LogSoftmax'), x, 'float32');
  return g.emit1('LogSoftmax', [x], 'float32', x.shape, { attributes: { axis: int(x.shape.length - 1) } });
}
