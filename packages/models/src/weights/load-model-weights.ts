import { DoppioError } from '@doppio/core';
import type { ModelConfig } from '../config/model-config.js';
import { readModelConfig } from '../config/parse-model-config.js';
import { openCheckpoint, type Checkpoint } from '../safetensors/checkpoint.js';
import type { Tensor } from '../safetensors/safetensors-file.js';
import { isFloatDtype } from '../safetensors/dtype.js';
import { expectedTensors } from './expected-tensors.js';

/** A model in memory: weights as f32, under the checkpoint's names, in the order of {@link expectedTensors}. */
export interface ModelWeights {
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

/**
 * Reads configuration and weights of a model folder in Hugging Face form. Memory: the weights as f32, and a few
 * megabytes while they are read.
 * @throws DoppioError MODEL_WEIGHTS naming every tensor that is missing, unknown or misshapen, or one that holds NaN
 *   or an infinity; and whatever
 *   {@link readModelConfig} and {@link openCheckpoint} throw
 */
export async function loadModelWeights(folder: string): Promise<ModelWeights> {
  const config = await readModelConfig(folder);
  const checkpoint = await openCheckpoint(folder);
  try {
    checkLayers(checkpoint, config);
    const expected = expectedTensors(config);
    checkNames(checkpoint, expected, config);
    const tensors = new Map<string, Tensor>();
    for (const name of expected.keys()) {
      const tensor = await checkpoint.read(name);
      checkFinite(checkpoint.folder, name, tensor);
      tensors.set(name, tensor);
    }
    if (config.tiedHead && checkpoint.tensors.has(HEAD)) {
      await checkTiedHead(checkpoint, tensors.get(EMBEDDING) as Tensor);
    }
    return { config, tensors };
  } finally {
    await checkpoint.close();
  }
}

/** A configuration may claim any number of layers; they are listed only where so many could be there. */
function checkLayers({ folder, tensors }: Checkpoint, { layers }: ModelConfig): void {
  if (layers <= tensors.size) return;
  throw new DoppioError('MODEL_WEIGHTS', {
    what: 'the weights do not fit the configuration',
    where: folder,
    seen: `num_hidden_layers ${String(layers)}, but only ${String(tensors.size)} tensors`,
    fix: 'check that config.json and the weights belong together',
  });
}

/** One NaN makes all that the model computes NaN; here it still has a name. */
function checkFinite(folder: string, name: string, { data }: Tensor): void {
  let first = 0;
  while (first < data.length && Number.isFinite(data[first])) first += 1;
  if (first === data.length) return;
  throw new DoppioError('MODEL_WEIGHTS', {
    what: 'a weight is not a finite number',
    where: `${folder}, ${name}`,
    seen: `${String(data[first])} at element ${String(first)}`,
    fix: 'the file is damaged, or its training had diverged: take another checkpoint',
  });
}

function checkNames(
  checkpoint: Checkpoint,
  expected: ReadonlyMap<string, readonly number[]>,
  config: ModelConfig,
): void {
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const found = checkpoint.tensors.get(name);
    if (found === undefined) problems.push(`missing: ${name} [${shape.join(', ')}]`);
    else if (found.shape.join() !== shape.join()) {
      problems.push(`misshapen: ${name} [${found.shape.join(', ')}], not [${shape.join(', ')}]`);
    } else if (!isFloatDtype(found.dtype)) problems.push(`not floats: ${name} (${found.dtype})`);
  }
  for (const name of checkpoint.tensors.keys()) {
    if (!expected.has(name) && !isTolerated(name, config)) problems.push(`unknown: ${name}`);
  }
  if (problems.length === 0) return;
  throw new DoppioError('MODEL_WEIGHTS', {
    what: 'the weights do not fit the configuration',
    where: checkpoint.folder,
    seen: `${String(problems.length)} problem(s)\n    ${summarise(problems).join('\n    ')}`,
    fix: 'check that config.json and the weights belong together',
  });
}

/** Old checkpoints store the rotary frequencies; some store a tied head beside the embedding. */
function isTolerated(name: string, config: ModelConfig): boolean {
  return name.endsWith('rotary_emb.inv_freq') || (config.tiedHead && name === HEAD);
}

async function checkTiedHead(checkpoint: Checkpoint, embedding: Tensor): Promise<void> {
  const head = await checkpoint.read(HEAD);
  if (
    head.data.length === embedding.data.length &&
    head.data.every((value, i) => value === embedding.data[i])
  ) {
    return;
  }
  throw new DoppioError('MODEL_WEIGHTS', {
    what: 'the configuration ties the head to the embedding, but the checkpoint has another head',
    where: `${checkpoint.folder}, ${HEAD}`,
    seen: `tie_word_embeddings true and ${HEAD} different from ${EMBEDDING}`,
    fix: 'set tie_word_embeddings to false in config.json if the head is the right one, or remove the head',
  });
}

/** Enough to see what is wrong, without a line for each of a few hundred tensors. */
function summarise(problems: readonly string[]): readonly string[] {
  const limit = 40;
  if (problems.length <= limit) return problems;
  return [...problems.slice(0, limit), `and ${String(problems.length - limit)} more`];
}
