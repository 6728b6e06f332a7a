import type { Adapter, LowRankUpdate } from '@doppio/core';
import {
  blockVectors,
  lowRankName,
  projectionPath,
  projections,
  weightName,
  type ModelConfig,
  type Projection,
  type TrainedParts,
} from '@doppio/models';
import type { RuntimeHost, TensorRef } from '@doppio/runtime';

/** Frozen weights in the worker, by checkpoint name. */
export type UploadedWeights = ReadonlyMap<string, TensorRef>;

/** Input names of one block's weights and their checkpoint names. */
export function blockWeightNames(
  config: ModelConfig,
  layer: number,
): readonly (readonly [input: string, checkpoint: string])[] {
  const names = [...Object.keys(blockVectors(config)), ...projections.map(weightName)];
  return names.map((name) => [name, `model.layers.${String(layer)}.${name}`]);
}

/** Checkpoint path of a layer's projection. */
export function sitePath(layer: number, module: Projection): string {
  return `model.layers.${String(layer)}.${projectionPath(module)}`;
}

/** Which parts of the blocks the adapter trains. All layers share a graph, so a projection adapted in one has its inputs in all. */
export function trainedParts(config: ModelConfig, adapter: Adapter): TrainedParts {
  if (adapter.kind === 'full') return { lowRank: [], dropout: false, full: true };
  const layers = Array.from({ length: config.layers }, (_, layer) => layer);
  const updates = (module: Projection): LowRankUpdate[] =>
    layers.map((layer) => adapter.lowRank(sitePath(layer, module))).filter((update) => update !== undefined);
  return {
    lowRank: projections.filter((module) => updates(module).length > 0),
    dropout: projections.some((module) => updates(module).some((update) => update.dropout > 0)),
    full: false,
  };
}

/** The adapter's inputs of one layer's block, uploaded. Projections not adapted in this layer get a zero update. */
export function uploadLowRank(
  host: RuntimeHost,
  adapter: Adapter,
  layer: number,
  modules: readonly Projection[],
  shapes: (module: Projection) => readonly [number, number],
): Record<string, TensorRef> {
  const feeds: Record<string, TensorRef> = {};
  const upload = (shape: readonly number[], data: Float32Array): TensorRef =>
    host.upload({ dtype: 'float32', shape, data });
  for (const module of modules) {
    const update = adapter.lowRank(sitePath(layer, module));
    const [outFeatures, inFeatures] = shapes(module);
    feeds[lowRankName.a(module)] =
      update === undefined
        ? upload([1, inFeatures], new Float32Array(inFeatures))
        : upload(update.a.shape, update.a.data);
    feeds[lowRankName.b(module)] =
      update === undefined
        ? upload([outFeatures, 1], new Float32Array(outFeatures))
        : upload(update.b.shape, update.b.data);
    feeds[lowRankName.scale(module)] = upload([], Float32Array.of(update?.scale ?? 0));
  }
  return feeds;
}
