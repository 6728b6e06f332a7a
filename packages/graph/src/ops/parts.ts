import type { GraphBuilder } from '../builder.js';
import { sizeOf } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { axisOf, dimAt, expectIndexVector, expectSameType, expectShape } from '../shapes.js';
import type { Dim, Value } from '../types.js';
import { int } from './attributes.js';

/** Joins along an axis; `extent` names the joined extent, and must where it cannot be added up. */
export function concat(g: GraphBuilder, parts: readonly Value[], axis: number, extent?: Dim): Value {
  const path = g.at('Concat');
  const first = parts[0];
  if (first === undefined) throw graphError('GRAPH_SHAPE', path, 'nothing to join', 'no parts');
  const at = axisOf(path, first.shape, axis);
  const seen = parts.map((part) => showShape(part.shape)).join(', ');
  for (const part of parts) {
    expectSameType(path, 'parts', first, part);
    if (
      part.shape.length !== first.shape.length ||
      part.shape.some((dim, i) => i !== at && dim !== first.shape[i])
    )
      throw graphError('GRAPH_SHAPE', path, 'parts do not fit beside each other', seen);
  }
  const joined = extent ?? sumOf(parts.map((part) => dimAt(part, at)));
  if (joined === undefined)
    throw graphError('GRAPH_SHAPE', path, 'the joined extent is not known', seen, 'name it');
  expectSum(
    path,
    parts.map((part) => dimAt(part, at)),
    joined,
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
  expectShape(path, sizes);
  return cut(g, x, sizes.length > 0 ? g.constant('int64', [sizes.length], sizes) : undefined, sizes, axis);
}

/** Cuts along an axis into parts whose sizes are computed in the graph; `extents` names them. */
export function splitBy(
  g: GraphBuilder,
  x: Value,
  sizes: Value,
  extents: readonly Dim[],
  axis: number,
): Value[] {
  expectIndexVector(g.at('Split'), sizes, extents.length);
  return cut(g, x, sizes, extents, axis);
}

function cut(
  g: GraphBuilder,
  x: Value,
  sizes: Value | undefined,
  extents: readonly Dim[],
  axis: number,
): Value[] {
  const path = g.at('Split');
  const at = axisOf(path, x.shape, axis);
  if (sizes === undefined) throw graphError('GRAPH_SHAPE', path, 'nothing to cut into', 'no sizes');
  expectSum(path, extents, dimAt(x, at));
  return g.emit(
    'Split',
    [x, sizes],
    extents.map((size) => ({ type: x.type, shape: x.shape.map((dim, i) => (i === at ? size : dim)) })),
    { attributes: { axis: int(at) } },
  );
}

function sumOf(dims: readonly Dim[]): number | undefined {
  // The product is known exactly when all extents are.
  if (sizeOf(dims) === undefined) return undefined;
  return (dims as readonly number[]).reduce((sum, dim) => sum + dim, 0);
}

function expectSum(path: string, parts: readonly Dim[], whole: Dim): void {
  const sum = sumOf(parts);
  if (sum !== undefined && typeof whole === 'number' && sum !== whole)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'part sizes do not add up',
      `${parts.join(' + ')}, not ${String(whole)}`,
    );
}

/** x[..., start:end, ...] along an axis; bounds are int64 vectors of one element, `extent` names the result's. */
export function slice(g: GraphBuilder, x: Value, start: Value, end: Value, axis: number, extent: Dim): Value {
  const path = g.at('Slice');
  const at = axisOf(path, x.shape, axis);
  expectIndexVector(path, start, 1);
  expectIndexVector(path, end, 1);
  const whole = dimAt(x, at);
  if (typeof whole === 'number' && typeof extent === 'number' && extent > whole)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'a slice is longer than what it is taken from',
      `${String(extent)} of axis ${String(axis)} of ${showShape(x.shape)}`,
    );
  return g.emit1(
    'Slice',
    [x, start, end, g.constant('int64', [1], [at])],
    x.type,
    x.shape.map((dim, i) => (i === at ? extent : dim)),
  );
}
