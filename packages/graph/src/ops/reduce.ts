import type { GraphBuilder } from '../builder.js';
import { axesOf, axisOf, expectType } from '../shapes.js';
import type { Value } from '../types.js';
import { int } from './attributes.js';

function reduce(g: GraphBuilder, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const path = g.at(op);
  if (op === 'ReduceMean') expectType(path, x, 'float32');
  else expectType(path, x, 'float32', 'int64', 'int32');
  const at = axesOf(path, x.shape, axes);
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

function overLastAxis(g: GraphBuilder, op: string, x: Value): Value {
  expectType(g.at(op), x, 'float32');
  const axis = axisOf(g.at(op), x.shape, -1);
  return g.emit1(op, [x], 'float32', x.shape, { attributes: { axis: int(axis) } });
}

/** Softmax over the last axis. */
export const softmax = (g: GraphBuilder, x: Value): Value => overLastAxis(g, 'Softmax', x);

/** Log-softmax over the last axis. */
export const logSoftmax = (g: GraphBuilder, x: Value): Value => overLastAxis(g, 'LogSoftmax', x);
