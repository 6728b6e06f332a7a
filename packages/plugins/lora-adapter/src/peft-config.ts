import { DoppioError } from '@doppio/core';
import { z } from 'zod';
import type { LoraLayout } from './lora-sites.js';

const count = z.int().positive();
const names = z.union([z.string().min(1), z.array(z.string().min(1))]);

/** The keys of `adapter_config.json` that are read; others are kept in the file and otherwise ignored. */
const schema = z.looseObject({
  peft_type: z.literal('LORA'),
  target_modules: names,
  exclude_modules: names.nullish(),
  layers_to_transform: z.union([z.int().nonnegative(), z.array(z.int().nonnegative())]).nullish(),
  r: count.default(8),
  lora_alpha: z.number().positive().default(8),
  lora_dropout: z.number().min(0).lt(1).default(0),
  rank_pattern: z.record(z.string(), count).nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
  use_rslora: z.boolean().nullish(),
});

/** Settings that change what an adapter computes, each with the values under which it is off. */
const mustBeOff: Readonly<Record<string, (value: unknown) => boolean>> = {
  use_dora: isFalse,
  use_qalora: isFalse,
  use_bdlora: isFalse,
  lora_bias: isFalse,
  fan_in_fan_out: isFalse,
  bias: (value) => value === 'none',
  modules_to_save: isEmpty,
  layer_replication: isEmpty,
  trainable_token_indices: isEmpty,
  target_parameters: isEmpty,
  alora_invocation_tokens: isEmpty,
  megatron_config: isEmpty,
  arrow_config: isEmpty,
  kasa_config: isEmpty,
  monteclora_config: isEmpty,
  velora_config: isEmpty,
  layers_pattern: (value) =>
    isEmpty(value) || value === 'layers' || (Array.isArray(value) && value.join() === 'layers'),
  // These leave the base weights alone; the others (pissa, olora, corda, loftq, ...) need changed ones.
  init_lora_weights: (value) =>
    typeof value === 'boolean' || ['gaussian', 'orthogonal', 'eva'].includes(String(value).toLowerCase()),
};

/**
 * Layout of an adapter from PEFT's `adapter_config.json`.
 * @throws DoppioError ADAPTER_UNSUPPORTED naming every setting in use that is not computed here,
 *   ADAPTER_INVALID for missing or wrong values
 */
export function parsePeftConfig(json: Readonly<Record<string, unknown>>, where: string): LoraLayout {
  rejectUnsupported(json, where);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new DoppioError('ADAPTER_INVALID', {
      what: 'the adapter configuration has missing or wrong values',
      where,
      seen: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      fix: 'fetch or save the adapter again',
    });
  }
  const raw = parsed.data;
  const layers = raw.layers_to_transform ?? undefined;
  return {
    targets: raw.target_modules,
    exclude: raw.exclude_modules ?? undefined,
    layers: typeof layers === 'number' ? [layers] : layers,
    rank: raw.r,
    alpha: raw.lora_alpha,
    dropout: raw.lora_dropout,
    rankPattern: raw.rank_pattern ?? {},
    alphaPattern: raw.alpha_pattern ?? {},
    rsLora: raw.use_rslora ?? false,
  };
}

function rejectUnsupported(json: Readonly<Record<string, unknown>>, where: string): void {
  const type = json['peft_type'];
  const reasons = Object.entries(mustBeOff)
    .filter(([key, isOff]) => json[key] !== undefined && json[key] !== null && !isOff(json[key]))
    .map(([key]) => `${key} ${JSON.stringify(json[key])}`);
  if (type !== undefined && type !== 'LORA') reasons.unshift(`peft_type ${JSON.stringify(type)}`);
  if (reasons.length === 0) return;
  throw new DoppioError('ADAPTER_UNSUPPORTED', {
    what: 'the adapter uses what is not computed here; without it the model would answer differently',
    where,
    seen: reasons.join('; '),
    fix: 'merge the adapter into its base model with PEFT, or train a plain LoRA adapter',
  });
}

function isFalse(value: unknown): boolean {
  return value === false;
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}
