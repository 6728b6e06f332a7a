import type { GraphBuilder } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { axisOf, dimAt, expectRank, expectType, sameShape } from '../shapes.js';
import type { Value } from '../types.js';
import { float, int } from './attributes.js';

/** Root-mean-square norm over the last axis: x / sqrt(mean(x^2) + epsilon) * weight. */
export function rmsNorm(g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value {
  const path = g.at('RmsNorm');
  expectType(path, x, 'float32');
  expectType(path, weight, 'float32');
  expectRank(path, weight, 1);
  axisOf(path, x.shape, -1);
  if (dimAt(x, -1) !== dimAt(weight, 0))
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'norm weight does not fit',
      `${showShape(x.shape)} and ${showShape(weight.shape)}`,
    );
  const [y] = g.emit(
    'SimplifiedLayerNormalization',
    [x, weight],
    [
      { type: 'float32', shape: x.shape },
      { type: 'float32', shape: [...x.shape.slice(0, -1), 1] },
    ],
    { attributes: { axis: int(-1), epsilon: float(epsilon), stash_type: int(1) } },
  );
  return y as Value;
}

/**
 * Rotary position embedding of packed heads. x [token, heads * headSize]; positions [token]; cos and sin
 * [position, headSize / 2]. Halves are rotated against each other (the Llama and Qwen convention).
 */
export function rotary(
  g: GraphBuilder,
  x: Value,
  positions: Value,
  cos: Value,
  sin: Value,
  headSize: number,
): Value {
  const path = g.at('Rotary');
  expectRank(path, x, 2);
  expectType(path, x, 'float32');
  expectRank(path, positions, 1);
  expectType(path, positions, 'int64');
  if (dimAt(positions, 0) !== dimAt(x, 0))
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'there must be one position for each token',
      `${showShape(positions.shape)} for ${showShape(x.shape)}`,
    );
  for (const table of [cos, sin]) {
    expectType(path, table, 'float32');
    expectRank(path, table, 2);
    if (dimAt(table, 1) !== headSize / 2 || !sameShape(table.shape, cos.shape))
      throw graphError(
        'GRAPH_SHAPE',
        path,
        `rotary tables must be [position, ${String(headSize / 2)}], half of the head size`,
        `${showShape(cos.shape)} and ${showShape(sin.shape)}`,
      );
  }
  const width = dimAt(x, 1);
  if (typeof width !== 'number' || width % headSize !== 0)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      `width is not a multiple of the head size ${String(headSize)}`,
      showShape(x.shape),
    );
  // As a batch of sequences of one token: the operator allows no sequence longer than its tables.
  const axis = g.constant('int64', [1], [1]);
  const shape = [dimAt(x, 0), 1, width];
  const batched = g.emit1('Unsqueeze', [x, axis], 'float32', shape);
  const at = g.emit1('Unsqueeze', [positions, axis], 'int64', [dimAt(positions, 0), 1]);
  const rotated = g.emit1('RotaryEmbedding', [batched, at, cos, sin], 'float32', shape, {
    domain: 'com.microsoft',
    attributes: { interleaved: int(0) },
  });
  return g.emit1('Squeeze', [rotated, axis], 'float32', x.shape);
}
