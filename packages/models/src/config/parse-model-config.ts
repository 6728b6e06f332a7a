import { join } from 'node:path';
import { DoppioError } from '@doppio/core';
import { z } from 'zod';
import { readJsonObject } from '../files/read-json.js';
import type { ModelConfig } from './model-config.js';
import { rejectUnsupported } from './unsupported.js';

const count = z.int().positive();
const id = z.int().nonnegative();

/** Newer configurations keep the base here, under either name. */
const rope = z.looseObject({ rope_theta: z.number().positive().nullish() }).nullish();

/** What is read from `config.json`; other keys may be there and are left alone. */
const schema = z.looseObject({
  model_type: z.enum(['qwen2', 'llama', 'qwen3']),
  num_hidden_layers: count,
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  vocab_size: count,
  rms_norm_eps: z.number().positive().nullish(),
  rope_theta: z.number().positive().nullish(),
  rope_parameters: rope,
  rope_scaling: rope,
  // Rotary tables have a row for each position.
  max_position_embeddings: count.max(2 ** 24).nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  attention_bias: z.boolean().nullish(),
  bos_token_id: id.nullish(),
  eos_token_id: z.union([id, z.array(id)]).nullish(),
});

/**
 * Reads `config.json` of a model folder.
 * @throws DoppioError MODEL_MISSING, MODEL_CONFIG_INVALID, MODEL_UNSUPPORTED
 */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const path = join(folder, 'config.json');
  return parseModelConfig(await readJsonObject(path, 'MODEL_CONFIG_INVALID'), path);
}

/**
 * Normalises a Hugging Face configuration. Keys that are left out have the defaults of Transformers' classes.
 * @param where shown in errors
 * @throws DoppioError MODEL_UNSUPPORTED naming what this project does not compute, MODEL_CONFIG_INVALID for
 *   values that are missing or do not fit each other
 */
export function parseModelConfig(json: Readonly<Record<string, unknown>>, where: string): ModelConfig {
  rejectUnsupported(json, where);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw configInvalid(where, issues.join('; '));
  }
  const raw = parsed.data;
  const architecture = raw.model_type;
  const heads = raw.num_attention_heads;
  const keyValueHeads = raw.num_key_value_heads ?? heads;
  const headSize = raw.head_dim ?? (architecture === 'qwen3' ? 128 : raw.hidden_size / heads);
  if (!Number.isInteger(headSize)) {
    throw configInvalid(
      where,
      `hidden_size ${String(raw.hidden_size)} over num_attention_heads ${String(heads)}`,
    );
  }
  if (headSize % 2 !== 0) throw configInvalid(where, `an odd head size of ${String(headSize)}`);
  if (heads % keyValueHeads !== 0) {
    throw configInvalid(
      where,
      `num_attention_heads ${String(heads)} over num_key_value_heads ${String(keyValueHeads)}`,
    );
  }
  const bias = raw.attention_bias === true;
  return {
    architecture,
    layers: raw.num_hidden_layers,
    hiddenSize: raw.hidden_size,
    innerSize: raw.intermediate_size,
    heads,
    keyValueHeads,
    headSize,
    vocabularySize: raw.vocab_size,
    rmsNormEpsilon: raw.rms_norm_eps ?? 1e-6,
    ropeTheta: raw.rope_parameters?.rope_theta ?? raw.rope_scaling?.rope_theta ?? raw.rope_theta ?? 10_000,
    maxPositions: raw.max_position_embeddings ?? (architecture === 'llama' ? 2048 : 32_768),
    tiedHead: raw.tie_word_embeddings ?? false,
    // Qwen2 always has biases on q, k and v and never on o; the others have all four or none.
    attentionBias:
      architecture === 'qwen2'
        ? { q: true, k: true, v: true, o: false }
        : { q: bias, k: bias, v: bias, o: bias },
    qkNorm: architecture === 'qwen3',
    bosId: raw.bos_token_id ?? undefined,
    eosIds: eosIdList(raw.eos_token_id),
  };
}

function eosIdList(value: number | number[] | null | undefined): readonly number[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function configInvalid(where: string, seen: string): DoppioError {
  return new DoppioError('MODEL_CONFIG_INVALID', {
    what: 'the model configuration has missing or contradictory values',
    where,
    seen,
    fix: 'compare it with the config.json that the model was published with',
  });
}
