import type { GraphBuilder } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { dimAt, expectRank, expectType } from '../shapes.js';
import type { Value } from '../types.js';
import { float, int } from './attributes.js';

/** Root-mean-square norm over the last axis: x / sqrt(mean(x^2) + epsilon) * weight. */
export function rmsNorm(g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value {
  const path = g.at('RmsNorm');
  expectType(path, x, 'float32');
  expectRank(path, weight, 1);
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
  expectRank(path, positions, 1);
  expectType(path, positions, 'int64');
  const width = dimAt(x, 1);
  if (typeof width !== 'number' || width % headSize !== 0)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      `width is not a multiple of the head size ${String(headSize)}`,
      showShape(x.shape),
    );
  const shape = [1, ...x.shape];
  const batched = g.emit1('Unsqueeze', [x, g.constant('int64', [1], [0])], 'float32', shape);
  const at = g.emit1('Unsqueeze', [positions, g.constant('int64', [1], [0])], 'int64', [
    1,
    ...positions.shape,
  ]);
  const rotated = g.emit1('RotaryEmbedding', [batched, at, cos, sin], 'float32', shape, {
    domain: 'com.microsoft',
    attributes: { interleaved: int(0) },
  });
  return g.emit1('Squeeze', [rotated, g.constant('int64', [1], [0])], 'float32', x.shape);
}
