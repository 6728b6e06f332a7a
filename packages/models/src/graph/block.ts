import { ops, type GraphBuilder, type Value } from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';

/** The seven projections of a block, by their checkpoint names. */
export const projections = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;
export type Projection = (typeof projections)[number];

/** Weights of one block as graph values; names are the checkpoint's after `model.layers.<n>.`. */
export type BlockWeights = Readonly<Record<string, Value>>;

/** Applies a projection, adapter included: x [token, in] to [token, out]. */
export type Linear = (module: Projection, x: Value) => Value;

/** q [token, heads * headSize], k and v [token, keyValueHeads * headSize], rotated; gives [token, heads * headSize]. */
export type Attention = (q: Value, k: Value, v: Value) => Value;

/** Rotates the packed heads of q or k by the tokens' positions. */
export type Rotate = (x: Value, heads: number) => Value;

/** Names and shapes of the weights of one block that are not projections' matrices. */
export function blockVectors(config: ModelConfig): Readonly<Record<string, readonly number[]>> {
  const { attentionBias, heads, keyValueHeads, headSize, hiddenSize } = config;
  return {
    'input_layernorm.weight': [hiddenSize],
    'post_attention_layernorm.weight': [hiddenSize],
    ...(attentionBias.q ? { 'self_attn.q_proj.bias': [heads * headSize] } : {}),
    ...(attentionBias.k ? { 'self_attn.k_proj.bias': [keyValueHeads * headSize] } : {}),
    ...(attentionBias.v ? { 'self_attn.v_proj.bias': [keyValueHeads * headSize] } : {}),
    ...(attentionBias.o ? { 'self_attn.o_proj.bias': [hiddenSize] } : {}),
    ...(config.qkNorm
      ? { 'self_attn.q_norm.weight': [headSize], 'self_attn.k_norm.weight': [headSize] }
      : {}),
  };
}

/** Checkpoint name of a projection inside of its block, without `.weight`. */
export function projectionPath(module: Projection): string {
  return module === 'gate_proj' || module === 'up_proj' || module === 'down_proj'
    ? `mlp.${module}`
    : `self_attn.${module}`;
}

/** [out, in] of a projection. */
export function projectionShape(config: ModelConfig, module: Projection): readonly [number, number] {
  const { hiddenSize, innerSize, heads, keyValueHeads, headSize } = config;
  switch (module) {
    case 'q_proj':
      return [heads * headSize, hiddenSize];
    case 'k_proj':
    case 'v_proj':
      return [keyValueHeads * headSize, hiddenSize];
    case 'o_proj':
      return [hiddenSize, heads * headSize];
    case 'gate_proj':
    case 'up_proj':
      return [innerSize, hiddenSize];
    case 'down_proj':
      return [hiddenSize, innerSize];
  }
}

/**
 * One pre-norm decoder block of the Llama family (Llama, Qwen2, Qwen3): x [token, hidden] to the same.
 * Sampler and trainer both build this; they differ in how tokens attend to each other and where weights come from.
 */
export function decoderBlock(
  g: GraphBuilder,
  config: ModelConfig,
  x: Value,
  weights: BlockWeights,
  linear: Linear,
  rotate: Rotate,
  attention: Attention,
): Value {
  const weight = (name: string): Value => weights[name] as Value;
  const { heads, keyValueHeads, rmsNormEpsilon } = config;
  const mixed = g.scope('attention', () => {
    const normed = ops.rmsNorm(g, x, weight('input_layernorm.weight'), rmsNormEpsilon);
    const q = headNorm(g, config, linear('q_proj', normed), weights['self_attn.q_norm.weight']);
    const k = headNorm(g, config, linear('k_proj', normed), weights['self_attn.k_norm.weight']);
    const v = linear('v_proj', normed);
    const out = attention(rotate(q, heads), rotate(k, keyValueHeads), v);
    return ops.add(g, x, linear('o_proj', out));
  });
  return g.scope('mlp', () => {
    const normed = ops.rmsNorm(g, mixed, weight('post_attention_layernorm.weight'), rmsNormEpsilon);
    const gated = ops.mul(g, ops.silu(g, linear('gate_proj', normed)), linear('up_proj', normed));
    return ops.add(g, mixed, linear('down_proj', gated));
  });
}

/** Qwen3's norm of every query and key head before rotation. */
function headNorm(g: GraphBuilder, config: ModelConfig, x: Value, weight: Value | undefined): Value {
  if (weight === undefined) return x;
  const rows = ops.reshape(g, x, ['head_rows', config.headSize]);
  return ops.reshape(g, ops.rmsNorm(g, rows, weight, config.rmsNormEpsilon), x.shape);
}
