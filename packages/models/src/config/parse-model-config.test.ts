import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './parse-model-config.js';

const qwen2 = {
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  bos_token_id: 151643,
  eos_token_id: 151643,
  hidden_act: 'silu',
  hidden_size: 1536,
  intermediate_size: 8960,
  max_position_embeddings: 131072,
  max_window_layers: 21,
  num_attention_heads: 12,
  num_hidden_layers: 28,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  sliding_window: 4096,
  tie_word_embeddings: false,
  use_sliding_window: false,
  vocab_size: 151936,
};
const parse = (changes: Record<string, unknown>): ReturnType<typeof parseModelConfig> =>
  parseModelConfig({ ...qwen2, ...changes }, 'config.json');

describe('model configuration', () => {
  it('normalises Qwen2: biases on q, k and v, the unused window ignored', () => {
    expect(parse({})).toEqual({
      architecture: 'qwen2',
      layers: 28,
      hiddenSize: 1536,
      innerSize: 8960,
      heads: 12,
      keyValueHeads: 2,
      headSize: 128,
      vocabularySize: 151936,
      rmsNormEpsilon: 1e-6,
      ropeTheta: 10000,
      maxPositions: 131072,
      tiedHead: false,
      attentionBias: { q: true, k: true, v: true, o: false },
      qkNorm: false,
      bosId: 151643,
      eosIds: [151643],
    });
  });

  it('normalises Llama, with the head size and biases that the file says', () => {
    const config = parse({
      model_type: 'llama',
      architectures: ['LlamaForCausalLM'],
      head_dim: 64,
      num_key_value_heads: null,
      attention_bias: true,
      eos_token_id: [1, 2],
      bos_token_id: null,
    });
    expect(config).toMatchObject({ headSize: 64, keyValueHeads: 12, eosIds: [1, 2], bosId: undefined });
    expect(config.attentionBias).toEqual({ q: true, k: true, v: true, o: true });
  });

  it('normalises Qwen3: norms of the heads, 128 wide unless said otherwise', () => {
    const config = parse({ model_type: 'qwen3', architectures: undefined });
    expect(config).toMatchObject({ qkNorm: true, headSize: 128 });
    expect(config.attentionBias).toEqual({ q: false, k: false, v: false, o: false });
  });

  it('finds the rotary base in both places', () => {
    expect(parse({ rope_parameters: { rope_theta: 5e5, rope_type: 'default' } }).ropeTheta).toBe(5e5);
    expect(parse({ rope_theta: 1e6, rope_scaling: null }).ropeTheta).toBe(1e6);
    expect(parse({ rope_theta: undefined }).ropeTheta).toBe(10000);
    expect(parse({ rope_scaling: { type: 'default' } }).ropeTheta).toBe(10000);
    expect(parse({ rope_scaling: { rope_type: 'default', rope_theta: 7e5 } }).ropeTheta).toBe(7e5);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ model_type: 'mistral' }, 'model_type "mistral"'],
    [{ model_type: undefined }, 'model_type is missing'],
    [{ model_type: '__proto__' }, 'model_type "__proto__"'],
    [{ architectures: ['Qwen2ForSequenceClassification'] }, 'Qwen2ForSequenceClassification'],
    [{ hidden_act: 'gelu' }, 'hidden_act "gelu"'],
    [{ mlp_bias: true }, 'mlp_bias'],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, 'rope_scaling of type "llama3"'],
    [{ rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling of type "linear"'],
    [{ rope_parameters: { rope_type: 'yarn', rope_theta: 1e4 } }, 'rope_parameters of type "yarn"'],
    [{ rope_parameters: { full_attention: { rope_theta: 1e6 } } }, 'rope_parameters with a list or a part'],
    [{ partial_rotary_factor: 0.5 }, 'partial_rotary_factor'],
    [{ use_sliding_window: true }, 'sliding_window 4096 in use'],
    [
      { use_sliding_window: true, layer_types: ['sliding_attention'] },
      'layer_types with "sliding_attention"',
    ],
    [{ quantization_config: { quant_method: 'gptq' } }, 'quantization_config (gptq)'],
    [{ rope_scaling: { rope_type: 'dynamic', factor: 2 } }, 'rope_scaling of type "dynamic"'],
    [{ rope_scaling: { factor: 2 } }, 'rope_scaling with a factor but no type'],
    [{ rope_parameters: { rope_type: 'llama3', rope_theta: 5e5 } }, 'rope_parameters of type "llama3"'],
    [{ rope_parameters: { rope_type: 'linear', factor: 4 } }, 'rope_parameters of type "linear"'],
    [{ rope_parameters: { partial_rotary_factor: 0.25 } }, 'rope_parameters.partial_rotary_factor'],
    [{ layer_types: ['full_attention', 'sliding_attention'] }, 'layer_types with "sliding_attention"'],
    [{ layer_types: ['linear_attention'] }, 'layer_types with "linear_attention"'],
    [{ attention_dropout: 0.1 }, 'attention_dropout 0.1'],
    [{ quantization_config: 'gguf' }, 'quantization_config (unknown method)'],
    [{ hidden_act: JSON.parse(`${'['.repeat(1e5)}${']'.repeat(1e5)}`) as unknown }, 'nested too deeply'],
    [{ hidden_act: 'relu', mlp_bias: true }, 'hidden_act "relu"; mlp_bias true'],
  ])('refuses what it does not compute by name (%#)', (changes, message) => {
    expect(() => parse(changes)).toThrow(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('takes a window that no layer uses', () => {
    const types = Array.from({ length: 28 }, () => 'full_attention');
    expect(parse({ use_sliding_window: true, max_window_layers: 28 }).layers).toBe(28);
    expect(parse({ use_sliding_window: true, layer_types: types }).layers).toBe(28);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ hidden_size: undefined }, 'hidden_size'],
    [{ num_hidden_layers: 2.5 }, 'num_hidden_layers'],
    [{ vocab_size: '151936' }, 'vocab_size'],
    [{ num_attention_heads: 7 }, 'num_attention_heads 7'],
    [{ num_key_value_heads: 5 }, 'num_key_value_heads 5'],
    [{ head_dim: 63 }, 'odd head size'],
    [{ rms_norm_eps: -1 }, 'rms_norm_eps'],
    [{ eos_token_id: 'end' }, 'eos_token_id'],
    [{ max_position_embeddings: 1e12 }, 'max_position_embeddings'],
    [{ rope_parameters: [] }, 'rope_parameters'],
    [{ rope_parameters: { rope_theta: '1e6' } }, 'rope_parameters.rope_theta'],
  ])('refuses the values %j', (changes, message) => {
    expect(() => parse(changes)).toThrow(
      expect.objectContaining({
        code: 'MODEL_CONFIG_INVALID',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});
