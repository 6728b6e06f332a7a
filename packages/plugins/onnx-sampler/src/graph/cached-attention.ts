import { ops, type GraphBuilder, type Value } from '@doppio/graph';
import type { Attention, ModelConfig } from '@doppio/models';

/** One layer's key-value cache as graph values: [row, kv, past, d]. */
export interface LayerCache {
  readonly keys: Value;
  readonly values: Value;
}

export interface CachedAttentionInputs {
  /** Number of new tokens per row, as a shape entry: 1 when decoding, the padded prompt length in prefill. */
  readonly newTokens: number | string;
  /** Name of the extent of packed new tokens (row * newTokens). */
  readonly packed: string;
  /** int64 [3] reshape target: row, newTokens, -1. */
  readonly batchedShape: Value;
  /** int32 [row]: tokens of the row after this step, less one. */
  readonly lastIndex: Value;
  /** int32 []: the longest row after this step. */
  readonly totalLength: Value;
  readonly cos: Value;
  readonly sin: Value;
  readonly cache: LayerCache;
  /** Called with the grown cache. */
  readonly onPresent: (present: LayerCache) => void;
}

/**
 * Attention of new tokens to a cache, by ONNX Runtime's GroupQueryAttention: rotates queries and keys by the rows'
 * own positions, appends to the cache and attends causally. Rows of different lengths are padded on the right.
 */
export function cachedAttention(
  g: GraphBuilder,
  config: ModelConfig,
  inputs: CachedAttentionInputs,
): Attention {
  const { heads, keyValueHeads: kv, headSize: d } = config;
  return (q, k, v) => {
    const batched = (x: Value, width: number): Value =>
      ops.reshapeTo(g, x, inputs.batchedShape, ['row', inputs.newTokens, width]);
    const present = ['row', kv, 'present', d];
    const [out, keys, values] = g.emit(
      'GroupQueryAttention',
      [
        batched(q, heads * d),
        batched(k, kv * d),
        batched(v, kv * d),
        inputs.cache.keys,
        inputs.cache.values,
        inputs.lastIndex,
        inputs.totalLength,
        inputs.cos,
        inputs.sin,
      ],
      [
        { type: 'float32', shape: ['row', inputs.newTokens, heads * d] },
        { type: 'float32', shape: present },
        { type: 'float32', shape: present },
      ],
      {
        domain: 'com.microsoft',
        attributes: {
          num_heads: { kind: 'int', value: heads },
          kv_num_heads: { kind: 'int', value: kv },
          do_rotary: { kind: 'int', value: 1 },
          rotary_interleaved: { kind: 'int', value: 0 },
        },
      },
    ) as [Value, Value, Value];
    inputs.onPresent({ keys, values });
    return ops.reshape(g, out, [inputs.packed, heads * d]);
  };
}
