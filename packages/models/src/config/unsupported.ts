import { DoppioError } from '@doppio/core';
import { showJson } from '../files/show-json.js';

const architectures: Readonly<Record<string, string>> = {
  qwen2: 'Qwen2ForCausalLM',
  llama: 'LlamaForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
};

/**
 * Refuses configurations that would need other mathematics than is implemented; to run them all the same
 * would give wrong numbers without a sign of it. All reasons are given at once.
 * @throws DoppioError MODEL_UNSUPPORTED
 */
export function rejectUnsupported(json: Readonly<Record<string, unknown>>, where: string): void {
  const reasons = [
    ...architectureReasons(json),
    ...activationReasons(json),
    ...ropeReasons(json),
    ...slidingWindowReasons(json),
  ];
  // Dropout of attention weights in training; all published models of these families have 0.
  const dropout = json['attention_dropout'];
  if (isSet(dropout) && dropout !== 0) reasons.push(`attention_dropout ${showJson(dropout)}`);
  if (isSet(json['quantization_config'])) {
    const method = (json['quantization_config'] as Record<string, unknown>)['quant_method'];
    reasons.push(`quantization_config (${typeof method === 'string' ? method : 'unknown method'})`);
  }
  if (reasons.length === 0) return;
  throw new DoppioError('MODEL_UNSUPPORTED', {
    what: 'this model is not supported',
    where,
    seen: reasons.join('; '),
    fix: `use an unquantised model of the families ${Object.keys(architectures).join(', ')}`,
  });
}

function architectureReasons(json: Readonly<Record<string, unknown>>): string[] {
  const type = json['model_type'];
  if (typeof type !== 'string' || !Object.hasOwn(architectures, type)) {
    return [type === undefined ? 'model_type is missing' : `model_type ${showJson(type)}`];
  }
  const listed = json['architectures'];
  if (Array.isArray(listed) && listed.length > 0 && !listed.includes(architectures[type])) {
    return [`architectures ${showJson(listed)}, not ${String(architectures[type])}`];
  }
  return [];
}

function activationReasons(json: Readonly<Record<string, unknown>>): string[] {
  const reasons: string[] = [];
  const activation = json['hidden_act'];
  // Transformers knows the same function under both names.
  if (isSet(activation) && activation !== 'silu' && activation !== 'swish') {
    reasons.push(`hidden_act ${showJson(activation)}`);
  }
  if (json['mlp_bias'] === true) reasons.push('mlp_bias true');
  return reasons;
}

function ropeReasons(json: Readonly<Record<string, unknown>>): string[] {
  const reasons: string[] = [];
  for (const key of ['rope_scaling', 'rope_parameters']) {
    const value = json[key];
    if (!isSet(value) || typeof value !== 'object') continue;
    const fields = value as Record<string, unknown>;
    const type = fields['rope_type'] ?? fields['type'];
    if (isSet(type) ? type !== 'default' : isSet(fields['factor'])) {
      reasons.push(isSet(type) ? `${key} of type ${showJson(type)}` : `${key} with a factor but no type`);
    }
    if (Object.values(fields).some((field) => typeof field === 'object' && field !== null)) {
      reasons.push(`${key} with a list or a part for each kind of layer`);
    }
    if (isPartial(fields['partial_rotary_factor'])) reasons.push(`${key}.partial_rotary_factor`);
  }
  if (isPartial(json['partial_rotary_factor'])) reasons.push('partial_rotary_factor');
  return reasons;
}

/**
 * Qwen's configurations carry a window size that is not in use: `use_sliding_window` decides, unless the layers say
 * themselves how each of them attends.
 */
function slidingWindowReasons(json: Readonly<Record<string, unknown>>): string[] {
  const types = json['layer_types'];
  if (Array.isArray(types)) {
    const others = [...new Set(types.filter((type) => type !== 'full_attention'))];
    return others.length === 0 ? [] : [`layer_types with ${others.map((type) => showJson(type)).join(', ')}`];
  }
  if (json['use_sliding_window'] !== true || !isSet(json['sliding_window'])) return [];
  const slides = Number(json['max_window_layers'] ?? 28) < Number(json['num_hidden_layers']);
  return slides ? [`sliding_window ${showJson(json['sliding_window'])} in use`] : [];
}

function isPartial(factor: unknown): boolean {
  return isSet(factor) && factor !== 1;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
