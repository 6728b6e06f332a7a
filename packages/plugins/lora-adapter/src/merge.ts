import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DoppioError, type Adapter, type LowRankUpdate } from '@doppio/core';
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
  const merged = Float64Array.from(weight.data);
  const narrow = Float64Array.from(a.data);
  for (let row = 0; row < rows; row += 1) {
    const target = merged.subarray(row * columns, (row + 1) * columns);
    // Four ranks at a time: each element of the row is then loaded and stored a quarter as often.
    for (let r = 0; r < rank; r += 4) {
      const used = Math.min(4, rank - r);
      const factor = (k: number): number => (k < used ? scale * (b.data[row * rank + r + k] as number) : 0);
      const [f0, f1, f2, f3] = [factor(0), factor(1), factor(2), factor(3)];
      const from = (k: number): number => (k < used ? (r + k) * columns : 0);
      const [a0, a1, a2, a3] = [from(0), from(1), from(2), from(3)];
      for (let j = 0; j < columns; j += 1) {
        const low = f0 * (narrow[a0 + j] as number) + f1 * (narrow[a1 + j] as number);
        const high = f2 * (narrow[a2 + j] as number) + f3 * (narrow[a3 + j] as number);
        target[j] = (target[j] as number) + low + high;
      }
    }
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
  if (resolve(directory) === resolve(source)) {
    throw new DoppioError('FILE_WRITE', {
      what: 'a merged model would replace its own base model',
      where: directory,
      seen: 'the folder of the base model',
      fix: 'choose another folder',
    });
  }
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
