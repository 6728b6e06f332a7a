import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, LowRankUpdate } from '@doppio/core';
import {
  readJsonObject,
  roundTo,
  saveModel,
  type FloatDtype,
  type Tensor,
  type TensorToWrite,
} from '@doppio/models';

/** Weights of the base model by checkpoint name. */
export type Weights = ReadonlyMap<string, Tensor>;

/** W + scale B A of one projection, summed in f64. Shapes: W [out, in], A [rank, in], B [out, rank]. */
export function mergeProjection(weight: Tensor, { a, b, scale }: LowRankUpdate): Float64Array {
  const [rank, columns] = a.shape as [number, number];
  const rows = b.shape[0] as number;
  const merged = new Float64Array(rows * columns);
  const sum = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    sum.fill(0);
    for (let r = 0; r < rank; r += 1) {
      const factor = b.data[row * rank + r] as number;
      const from = r * columns;
      for (let j = 0; j < columns; j += 1)
        sum[j] = (sum[j] as number) + factor * (a.data[from + j] as number);
    }
    const start = row * columns;
    for (let j = 0; j < columns; j += 1)
      merged[start + j] = (weight.data[start + j] as number) + scale * (sum[j] as number);
  }
  return merged;
}

/** Weights with the adapter merged into them, as f32; those that it leaves alone are the same arrays. */
export function mergeAdapter(weights: Weights, adapter: Adapter): Map<string, Tensor> {
  const trained = new Map(adapter.kind === 'full' ? adapter.parameters.map((p) => [p.name, p.data]) : []);
  const merged = new Map<string, Tensor>();
  for (const [name, weight] of weights) {
    const update = updateOf(adapter, name);
    const data =
      update === undefined
        ? (trained.get(name) ?? weight.data)
        : Float32Array.from(mergeProjection(weight, update));
    merged.set(name, { shape: weight.shape, data });
  }
  return merged;
}

/** What storing a merged model costs in accuracy: stored value minus exact sum, over the merged weights. */
export interface MergeDrift {
  readonly dtype: FloatDtype;
  readonly weights: number;
  readonly maxAbs: number;
  readonly meanAbs: number;
  /** Name of the weight with the largest error; undefined when nothing was rounded. */
  readonly worst: string | undefined;
}

export interface SaveMergedOptions {
  /** Folder of the base model: its configuration, tokenizer and chat template go along. */
  readonly source: string;
  readonly weights: Weights;
  readonly adapter: Adapter;
  /** Default BF16, which most base models are published in. */
  readonly dtype?: FloatDtype;
}

/** What goes along with the weights; nothing else is copied from the base model's folder. */
const companions =
  /^(generation_config|tokenizer.*|special_tokens_map|added_tokens|vocab)\.json$|^merges\.txt$|^chat_template\.jinja$|^LICENSE/;

/**
 * Writes base model and adapter as one model folder, whole or not at all; one merged weight at a time needs memory.
 * @throws DoppioError SAFETENSORS_INVALID when a value is too large for F16, FILE_WRITE
 */
export async function saveMerged(directory: string, options: SaveMergedOptions): Promise<MergeDrift> {
  const { source, weights, adapter, dtype = 'BF16' } = options;
  const drift = { count: 0, sum: 0, max: 0, worst: undefined as string | undefined };
  const measure = (name: string, exact: ArrayLike<number>): void => {
    for (let i = 0; i < exact.length; i += 1) {
      const value = exact[i] as number;
      const error = Math.abs(roundTo(dtype, Math.fround(value)) - value);
      drift.sum += error;
      if (error > drift.max) {
        drift.max = error;
        drift.worst = name;
      }
    }
    drift.count += exact.length;
  };
  const trained = new Map(adapter.kind === 'full' ? adapter.parameters.map((p) => [p.name, p.data]) : []);
  const tensors = new Map<string, TensorToWrite>();
  for (const [name, weight] of weights) {
    const update = updateOf(adapter, name);
    const data = (): Float32Array => {
      if (update === undefined && !trained.has(name)) return weight.data;
      const exact =
        update === undefined ? (trained.get(name) as Float32Array) : mergeProjection(weight, update);
      measure(name, exact);
      return exact instanceof Float32Array ? exact : Float32Array.from(exact);
    };
    tensors.set(name, { shape: weight.shape, data, dtype });
  }
  const files: Record<string, Uint8Array> = {};
  for (const name of await readdir(source)) {
    if (companions.test(name)) files[name] = await readFile(join(source, name));
  }
  const config = await readJsonObject(join(source, 'config.json'), 'MODEL_CONFIG_INVALID');
  await saveModel(directory, config, tensors, { dtype, files });
  const { count, sum, max, worst } = drift;
  return { dtype, weights: count, maxAbs: max, meanAbs: count === 0 ? 0 : sum / count, worst };
}

function updateOf(adapter: Adapter, weightName: string): LowRankUpdate | undefined {
  return weightName.endsWith('.weight') ? adapter.lowRank(weightName.slice(0, -'.weight'.length)) : undefined;
}
