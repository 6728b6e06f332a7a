import { createStream } from '@doppio/core';
import { lowRankName, projections, projectionShape } from '@doppio/models';
import type { HostTensor } from '@doppio/runtime';
import { sitePath } from './block-weights.js';
import type { Engine } from './engine.js';
import type { PackedBatch } from './packing.js';

/**
 * Masks [token, in] for the low-rank inputs of each layer: 0 or 1 / (1 - p). Keyed by (seed, step, layer and
 * projection, token's place in the batch), so that a resumed or differently cut step drops the same elements.
 * Without a key every mask is 1.
 */
export function dropoutMasks(
  engine: Engine,
  packed: PackedBatch,
  key: { readonly seed: number; readonly step: number } | undefined,
): Record<string, HostTensor>[] {
  const { config, adapter, parts } = engine;
  if (!parts.dropout) return Array.from({ length: config.layers }, () => ({}));
  return Array.from({ length: config.layers }, (_, layer) =>
    Object.fromEntries(
      parts.lowRank.map((module) => {
        const [, inFeatures] = projectionShape(config, module);
        const probability = adapter.lowRank(sitePath(layer, module))?.dropout ?? 0;
        const data = new Float32Array(packed.tokens * inFeatures).fill(1);
        if (key !== undefined && probability > 0)
          drop(data, inFeatures, probability, packed.dropoutRows, {
            ...key,
            prompt: layer * projections.length + projections.indexOf(module),
          });
        return [lowRankName.mask(module), { dtype: 'float32', shape: [packed.tokens, inFeatures], data }];
      }),
    ),
  );
}

function drop(
  data: Float32Array,
  width: number,
  probability: number,
  rows: Int32Array,
  key: { readonly seed: number; readonly step: number; readonly prompt: number },
): void {
  const kept = 1 / (1 - probability);
  rows.forEach((place, token) => {
    const stream = createStream({
      seed: key.seed,
      purpose: 'dropout',
      step: key.step,
      prompt: key.prompt,
      sample: place,
    });
    for (let j = 0; j < width; j += 1) data[token * width + j] = stream.next() < probability ? 0 : kept;
  });
}
