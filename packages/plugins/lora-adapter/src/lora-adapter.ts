import { join } from 'node:path';
import { createStream, type Adapter, type LowRankUpdate, type Parameter } from '@doppio/core';
import { safetensorsContent, writeFilesAtomically } from '@doppio/models';
import { matrixName, type LoraSite } from './lora-sites.js';
import type { LoraOptions } from './options.js';

export const WEIGHTS_FILE = 'adapter_model.safetensors';
export const CONFIG_FILE = 'adapter_config.json';

/** Values of an adapter's matrices, one after the other. */
export type MatrixSource = (
  site: LoraSite,
  matrix: 'A' | 'B',
  shape: readonly [number, number],
) => Float32Array;

/**
 * A low-rank adapter over the given projections.
 * @param configText what {@link Adapter.save} writes as `adapter_config.json`
 */
export function createLoraAdapter(
  sites: readonly LoraSite[],
  dropout: number,
  configText: string,
  values: MatrixSource,
): Adapter {
  const updates = new Map<string, LowRankUpdate>();
  const parameters: Parameter[] = [];
  for (const lora of sites) {
    const { path, inFeatures, outFeatures } = lora.site;
    const parameter = (matrix: 'A' | 'B', shape: readonly [number, number]): Parameter => ({
      name: matrixName(path, matrix),
      shape,
      data: values(lora, matrix, shape),
    });
    const a = parameter('A', [lora.rank, inFeatures]);
    const b = parameter('B', [outFeatures, lora.rank]);
    parameters.push(a, b);
    updates.set(path, { a, b, scale: lora.scale, dropout });
  }
  return {
    id: 'lora',
    kind: 'low-rank',
    parameters,
    lowRank: (path) => updates.get(path),
    save: async (directory, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      const tensors = new Map(parameters.map(({ name, shape, data }) => [name, { shape, data }]));
      await writeFilesAtomically(directory, {
        [WEIGHTS_FILE]: safetensorsContent(tensors),
        [CONFIG_FILE]: configText,
      });
    },
  };
}

/**
 * PEFT's initial values: B zero, A uniform in (-1/sqrt(in), 1/sqrt(in)) (Kaiming's with a = sqrt(5)) or normal with
 * deviation 1/rank. Each projection has random numbers of its own, so that they do not depend on which others are adapted.
 */
export function initialValues(seed: number, init: LoraOptions['init']): MatrixSource {
  return ({ site, index, rank }, matrix, [rows, columns]) => {
    const data = new Float32Array(rows * columns);
    if (matrix === 'B') return data;
    const stream = createStream({ seed, purpose: 'adapter', sample: index });
    const bound = 1 / Math.sqrt(site.inFeatures);
    for (let i = 0; i < data.length; i += 1)
      data[i] = init === 'gaussian' ? stream.normal() / rank : (2 * stream.next() - 1) * bound;
    return data;
  };
}

/** Paths of the two files in a folder. */
export function adapterFiles(directory: string): { readonly weights: string; readonly config: string } {
  return { weights: join(directory, WEIGHTS_FILE), config: join(directory, CONFIG_FILE) };
}
