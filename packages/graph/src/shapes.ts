import { graphError, showShape } from './error.js';
import type { Dim, Shape, Value } from './types.js';

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
  if (resolved < 0 || resolved >= shape.length)
    throw graphError('GRAPH_RANK', path, `axis ${String(axis)} is outside of the tensor`, showShape(shape));
  return resolved;
}

export function expectType(path: string, value: Value, type: Value['type']): void {
  if (value.type !== type)
    throw graphError('GRAPH_TYPE', path, `input ${value.name} must be ${type}`, value.type, 'cast it first');
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
