import type { LinearSite } from '@doppio/core';
import type { ModelConfig } from '../config/model-config.js';
import { blockVectors, projectionPath, projections, projectionShape } from '../graph/block.js';

/** Name and shape of every weight of a checkpoint, embedding first, then block by block, head last. */
export function expectedTensors(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const { hiddenSize, vocabularySize, layers } = config;
  const expected = new Map<string, readonly number[]>();
  const sites = linearSites(config);
  expected.set('model.embed_tokens.weight', [vocabularySize, hiddenSize]);
  for (let layer = 0; layer < layers; layer += 1) {
    for (const [name, shape] of Object.entries(blockVectors(config))) {
      expected.set(`model.layers.${String(layer)}.${name}`, shape);
    }
    for (const { path, outFeatures, inFeatures } of sites.filter((site) => site.layer === layer)) {
      expected.set(`${path}.weight`, [outFeatures, inFeatures]);
    }
  }
  expected.set('model.norm.weight', [hiddenSize]);
  if (!config.tiedHead) expected.set('lm_head.weight', [vocabularySize, hiddenSize]);
  return expected;
}

/** The seven projections of every block, in the order of the forward pass. The head is not among them. */
export function linearSites(config: ModelConfig): readonly LinearSite[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    projections.map((module): LinearSite => {
      const [outFeatures, inFeatures] = projectionShape(config, module);
      const path = `model.layers.${String(layer)}.${projectionPath(module)}`;
      return { path, module, layer, inFeatures, outFeatures };
    }),
  ).flat();
}
