import { graphError, showShape } from './error.js';
import type { Dim, ElementType, Shape, Value } from './types.js';

/** NumPy broadcasting of two shapes. A named extent broadcasts only with itself and with 1. */
export function broadcastShapes(path: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i += 1) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === y || y === 1) out.push(x);
    else if (x === 1) out.push(y);
    else
      throw graphError('GRAPH_SHAPE', path, 'shapes do not broadcast', `${showShape(a)} and ${showShape(b)}`);
  }
  return out;
}

/** Resolves a negative axis. */
export function axisOf(path: string, shape: Shape, axis: number): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= shape.length)
    throw graphError('GRAPH_RANK', path, `axis ${String(axis)} is outside of the tensor`, showShape(shape));
  return resolved;
}

/** Resolves several axes. ONNX reads no axes as all of them, and leaves open what an axis named twice means. */
export function axesOf(path: string, shape: Shape, axes: readonly number[]): number[] {
  const resolved = axes.map((axis) => axisOf(path, shape, axis));
  if (resolved.length === 0 || new Set(resolved).size !== resolved.length)
    throw graphError(
      'GRAPH_RANK',
      path,
      'axes must be given, and none of them twice',
      `axes [${axes.join(', ')}] of ${showShape(shape)}`,
    );
  return resolved;
}

export function expectType(path: string, value: Value, ...types: readonly ElementType[]): void {
  if (!types.includes(value.type))
    throw graphError(
      'GRAPH_TYPE',
      path,
      `input ${value.name} must be ${types.join(' or ')}`,
      value.type,
      'cast it first',
    );
}

export function expectSameType(path: string, what: string, a: Value, b: Value): void {
  if (a.type !== b.type)
    throw graphError(
      'GRAPH_TYPE',
      path,
      `${what} have different types`,
      `${a.name} ${a.type} and ${b.name} ${b.type}`,
      'cast one',
    );
}

/** Extents are whole numbers or names. */
export function expectShape(path: string, shape: Shape): void {
  const bad = shape.find((dim) =>
    typeof dim === 'string' ? dim === '' : !Number.isSafeInteger(dim) || dim < 0,
  );
  if (bad !== undefined)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'an extent must be a non-negative integer or a name',
      showShape(shape),
    );
}

/** An int64 vector with one entry for each of `size` things: a shape, part sizes, a bound. */
export function expectIndexVector(path: string, value: Value, size: number): void {
  expectType(path, value, 'int64');
  expectRank(path, value, 1);
  const dim = dimAt(value, 0);
  if (typeof dim === 'number' && dim !== size)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      `input ${value.name} must have ${String(size)} entries`,
      showShape(value.shape),
    );
}

export function expectRank(path: string, value: Value, rank: number): void {
  if (value.shape.length !== rank)
    throw graphError(
      'GRAPH_RANK',
      path,
      `input ${value.name} must have ${String(rank)} axes`,
      showShape(value.shape),
    );
}

/** The extent at an axis; the axis must exist. */
export function dimAt(value: Value, axis: number): Dim {
  return value.shape[axis < 0 ? axis + value.shape.length : axis] as Dim;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}
