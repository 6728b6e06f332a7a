import { createStream, type RandomStream } from '@doppio/core';
import { expectedTensors, type ModelConfig } from '@doppio/models';

/** Shape of the bundled model: Qwen2, 1.6 M parameters. */
export const nanoConfig = {
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  hidden_act: 'silu',
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  vocab_size: 48,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  tie_word_embeddings: true,
  attention_dropout: 0,
  initializer_range: 0.02,
  use_cache: true,
  use_sliding_window: false,
  torch_dtype: 'float32',
  transformers_version: '4.49.0',
} as const;

/** Normal(0, 0.02); projections back into the residual stream are divided by sqrt(2 layers); norms 1, biases 0. */
export function initialWeights(
  config: ModelConfig,
  seed: number,
): Map<string, { shape: readonly number[]; data: Float32Array }> {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  let index = 0;
  for (const [name, shape] of expectedTensors(config)) {
    const stream = createStream({ seed, purpose: 'pretraining/weights', step: index });
    weights.set(name, { shape, data: initialTensor(name, shape, stream, config.layers) });
    index += 1;
  }
  return weights;
}

function initialTensor(
  name: string,
  shape: readonly number[],
  stream: RandomStream,
  layers: number,
): Float32Array {
  const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
  if (name.endsWith('norm.weight')) return data.fill(1);
  if (name.endsWith('.bias')) return data;
  const residual = name.includes('o_proj') || name.includes('down_proj');
  const deviation = residual ? 0.02 / Math.sqrt(2 * layers) : 0.02;
  return data.map(() => deviation * stream.normal());
}
