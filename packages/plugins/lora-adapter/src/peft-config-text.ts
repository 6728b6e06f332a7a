import type { LoraOptions } from './options.js';

/** What PEFT 0.21 writes besides, all of it off. `peft_version` is left out: PEFT did not write the file. */
const off = {
  alora_invocation_tokens: null,
  arrow_config: null,
  auto_mapping: null,
  bias: 'none',
  corda_config: null,
  ensure_weight_tying: false,
  eva_config: null,
  fan_in_fan_out: false,
  kasa_config: null,
  layer_replication: null,
  layers_pattern: null,
  loftq_config: {},
  lora_bias: false,
  lora_ga_config: null,
  megatron_config: null,
  megatron_core: 'megatron.core',
  modules_to_save: null,
  monteclora_config: null,
  qalora_group_size: 16,
  revision: null,
  target_parameters: null,
  trainable_token_indices: null,
  use_bdlora: null,
  use_dora: false,
  use_qalora: false,
  velora_config: null,
};

/**
 * `adapter_config.json` of an adapter made here, in PEFT's form: every key it writes, sorted.
 * @param model where the base model came from: what AutoPeftModel loads it from
 * @param modules names of the adapted projections; they stand for `all-linear`, which not every reader knows
 */
export function peftConfigText(
  options: LoraOptions,
  model: string | undefined,
  modules: readonly string[],
): string {
  const config: Readonly<Record<string, unknown>> = {
    ...off,
    base_model_name_or_path: model ?? null,
    alpha_pattern: options.alphaPattern,
    exclude_modules: options.exclude ?? null,
    inference_mode: true,
    init_lora_weights: options.init === 'gaussian' ? 'gaussian' : true,
    layers_to_transform: options.layers ?? null,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    peft_type: 'LORA',
    r: options.rank,
    rank_pattern: options.rankPattern,
    target_modules: options.targets === 'all-linear' ? [...new Set(modules)].sort() : options.targets,
    task_type: 'CAUSAL_LM',
    use_rslora: options.rsLora,
  };
  return JSON.stringify(
    Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))),
    null,
    2,
  );
}
