import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DoppioError, type Adapter } from '@doppio/core';
import { readJsonObject, saveModel, type FloatDtype, type TensorToWrite } from '@doppio/models';
import { MergeDriftMeter, type MergeDrift } from './merge-drift.js';
import { exactValues, type Weights } from './merge.js';

export interface SaveMergedOptions {
  /** Folder of the base model: its configuration, tokenizer and chat template go along. */
  readonly source: string;
  readonly weights: Weights;
  readonly adapter: Adapter;
  /** Default what the base model's configuration names (as PEFT merges), F32 where it names none. */
  readonly dtype?: FloatDtype;
  readonly signal?: AbortSignal;
}

/** What goes along with the weights; nothing else is copied from the base model's folder. */
const companions =
  /^(generation_config|tokenizer.*|special_tokens_map|added_tokens|vocab|chat_template)\.json$|^tokenizer\.model$|^(merges|vocab)\.txt$|^chat_template\.jinja$|^LICENSE|^NOTICE/;

/** Other weights in a folder, which some readers would take in place of the merged ones. */
const otherWeights = /\.safetensors(\.index\.json)?$|^pytorch_model.*\.bin(\.index\.json)?$/;

const dtypes: Readonly<Record<string, FloatDtype>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
};

/**
 * Writes base model and adapter as one model folder, whole or not at all; one merged weight at a time needs memory.
 * @throws DoppioError SAFETENSORS_INVALID when a value is too large for F16; FILE_WRITE, also where the folder holds other
 * weights
 */
export async function saveMerged(directory: string, options: SaveMergedOptions): Promise<MergeDrift> {
  const { source, weights, adapter, signal } = options;
  signal?.throwIfAborted();
  await checkFolder(directory, source);
  const config = await readJsonObject(join(source, 'config.json'), 'MODEL_CONFIG_INVALID');
  const dtype = options.dtype ?? storedDtype(config);
  const meter = new MergeDriftMeter(dtype);
  const exact = exactValues(adapter);
  const tensors = new Map<string, TensorToWrite>();
  for (const [name, weight] of weights) {
    const data = (): Float32Array => {
      signal?.throwIfAborted();
      const values = exact(name, weight);
      meter.add(name, weight.data, values);
      return values instanceof Float64Array ? Float32Array.from(values) : (values ?? weight.data);
    };
    tensors.set(name, { shape: weight.shape, data, dtype });
  }
  const files: Record<string, Uint8Array> = {};
  for (const name of await readdir(source))
    if (companions.test(name)) files[name] = await readFile(join(source, name));
  await saveModel(directory, config, tensors, { dtype, files });
  return meter.drift();
}

/** Since 5 Transformers writes `dtype`, before that `torch_dtype`. */
function storedDtype(config: Readonly<Record<string, unknown>>): FloatDtype {
  const named = config['dtype'] ?? config['torch_dtype'];
  return (typeof named === 'string' ? dtypes[named.replace(/^torch\./, '')] : undefined) ?? 'F32';
}

async function checkFolder(directory: string, source: string): Promise<void> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  if ((await real(directory)) === (await real(source)))
    throw refused(
      'a merged model would replace its own base model',
      directory,
      'the folder of the base model',
    );
  const present = await readdir(directory).catch((): string[] => []);
  const others = present.filter((name) => otherWeights.test(name) && name !== 'model.safetensors');
  if (others.length > 0)
    throw refused('the folder holds weights of another model', directory, others.slice(0, 5).join(', '));
}

function refused(what: string, where: string, seen: string): DoppioError {
  return new DoppioError('FILE_WRITE', { what, where, seen, fix: 'choose another folder' });
}
