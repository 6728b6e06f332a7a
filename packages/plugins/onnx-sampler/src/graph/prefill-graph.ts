import { GraphBuilder, ops, prune, type Graph, type Value } from '@doppio/graph';
import { decoderBlock, type ModelConfig } from '@doppio/models';
import { cachedAttention, type LayerCache } from './cached-attention.js';
import { cacheInputs, cacheName } from './decode-graph.js';
import { GraphWeights, type AdaptedSites, type WeightSource } from './weights.js';

/**
 * Computes the caches of prompts. Inputs: `ids` int64 [row, n] padded on the right; `last_index` int32 [row], length
 * less one; `total_length` int32 [], n; empty caches `past.*` [row, kv, 0, d]; rope tables and adapter matrices.
 * Outputs: `present.*` [row, kv, n, d]. What the last block does with its attention is pruned away: only keys and
 * values leave.
 */
export function prefillGraph(config: ModelConfig, source: WeightSource, adapted: AdaptedSites): Graph {
  const g = new GraphBuilder('prefill');
  const weights = new GraphWeights(g, config, source, adapted);
  const ids = g.input('ids', 'int64', ['row', 'n']);
  const last = g.input('last_index', 'int32', ['row']);
  const total = g.input('total_length', 'int32', []);
  const cos = g.input('rope_cos', 'float32', ['positions', config.headSize / 2]);
  const sin = g.input('rope_sin', 'float32', ['positions', config.headSize / 2]);
  const past = cacheInputs(g, config);
  const extents = ops.shapeOf(g, ids);
  const batchedShape = ops.concat(g, [extents, g.constant('int64', [1], [-1])], 0);
  let x: Value = ops.reshape(g, ops.gather(g, weights.embedding(), ids), ['row_tokens', config.hiddenSize]);
  past.forEach((cache, layer) => {
    const linear = weights.linear(layer)(g);
    const onPresent = ({ keys, values }: LayerCache): void => {
      g.output(`present.${cacheName.keys(layer)}`, keys);
      g.output(`present.${cacheName.values(layer)}`, values);
    };
    const attention = cachedAttention(g, config, {
      newTokens: 'n',
      packed: 'row_tokens',
      batchedShape,
      lastIndex: last,
      totalLength: total,
      cos,
      sin,
      cache,
      onPresent,
    });
    x = g.scope(`layer.${String(layer)}`, () =>
      decoderBlock(g, config, x, weights.blockVectors(layer), linear, (heads) => heads, attention),
    );
  });
  return prune(g.finish(), { keepInputs: false });
}
