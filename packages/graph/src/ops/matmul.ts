import type { GraphBuilder } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { broadcastShapes, dimAt, expectType } from '../shapes.js';
import type { Dim, Value } from '../types.js';
import { float, int } from './attributes.js';

export interface MatMulOptions {
  /** Transpose the last two axes of a. */
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Multiplies the product; costs nothing. */
  readonly alpha?: number;
}

/** alpha * op(a) op(b) over the last two axes, batch axes broadcast. */
export function matmul(g: GraphBuilder, a: Value, b: Value, options: MatMulOptions = {}): Value {
  const path = g.at('MatMul');
  expectType(path, a, 'float32');
  expectType(path, b, 'float32');
  if (a.shape.length < 2 || b.shape.length < 2)
    throw graphError(
      'GRAPH_RANK',
      path,
      'a matrix product needs two axes on both sides',
      `${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  const { transA = false, transB = false, alpha = 1 } = options;
  const rows: Dim = dimAt(a, transA ? -1 : -2);
  const innerA: Dim = dimAt(a, transA ? -2 : -1);
  const innerB: Dim = dimAt(b, transB ? -1 : -2);
  const columns: Dim = dimAt(b, transB ? -2 : -1);
  if (innerA !== innerB) {
    const mode = `${transA ? ' transposed' : ''} and ${showShape(b.shape)}${transB ? ' transposed' : ''}`;
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'inner extents of a matrix product differ',
      `${showShape(a.shape)}${mode}`,
    );
  }
  const batch = broadcastShapes(path, a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  if (!transA && !transB && alpha === 1) return g.emit1('MatMul', [a, b], 'float32', shape);
  return g.emit1('FusedMatMul', [a, b], 'float32', shape, {
    domain: 'com.microsoft',
    attributes: { transA: int(transA ? 1 : 0), transB: int(transB ? 1 : 0), alpha: float(alpha) },
  });
}
