import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelConfig } from '../config/parse-model-config.js';
import { roundTo } from '../safetensors/convert.js';
import type { FloatDtype } from '../safetensors/dtype.js';
import { writeSafetensors } from '../safetensors/write-safetensors.js';
import { expectedTensors } from './expected-tensors.js';
import { loadModelWeights } from './load-model-weights.js';

// Folders of every kind, made here: the same checks as on published models, without having any.
let root: string;
let number = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'doppio-made-'));
});
afterAll(() => rm(root, { recursive: true }));

const small = {
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 5,
};
type Tensors = Map<string, { shape: readonly number[]; data: Float32Array }>;

function tensorsOf(config: Record<string, unknown>): Tensors {
  const shapes = expectedTensors(parseModelConfig(config, 'made'));
  const random = (i: number): number => Math.sin(12.9 * i + 4.1);
  return new Map(
    [...shapes].map(([name, shape], place) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, data: Float32Array.from({ length: size }, (_, i) => random(97 * place + i)) }];
    }),
  );
}

async function folderOf(
  config: Record<string, unknown>,
  tensors: Tensors,
  { dtype = 'F32' as FloatDtype, shards = 1 } = {},
): Promise<string> {
  const folder = join(root, String((number += 1)));
  await mkdir(folder);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const typed = [...tensors].map(([name, tensor]) => [name, { ...tensor, dtype }] as const);
  if (shards === 1) {
    await writeSafetensors(join(folder, 'model.safetensors'), new Map(typed));
    return folder;
  }
  const fileOf = (place: number): string => `model-${String(place % shards)}.safetensors`;
  for (let shard = 0; shard < shards; shard += 1) {
    const part = typed.filter((_, place) => place % shards === shard);
    await writeSafetensors(join(folder, fileOf(shard)), new Map(part));
  }
  const map = Object.fromEntries(typed.map(([name], place) => [name, fileOf(place)]));
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
  return folder;
}

const kinds = {
  'Qwen2, untied': { ...small, model_type: 'qwen2' },
  'Qwen2, tied': { ...small, model_type: 'qwen2', tie_word_embeddings: true },
  Llama: { ...small, model_type: 'llama' },
  'Llama with biases and wide heads': { ...small, model_type: 'llama', attention_bias: true, head_dim: 6 },
  Qwen3: { ...small, model_type: 'qwen3', head_dim: 6, tie_word_embeddings: true },
} satisfies Record<string, Record<string, unknown>>;

describe.each(Object.entries(kinds))('%s', (_, config) => {
  it.each([
    ['F32', 1],
    ['BF16', 1],
    ['F16', 3],
    ['F64', 2],
  ] as const)('loads from %s in %i file(s)', async (dtype, shards) => {
    const tensors = tensorsOf(config);
    const loaded = await loadModelWeights(await folderOf(config, tensors, { dtype, shards }));
    expect([...loaded.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { shape, data }] of tensors) {
      const stored = data.map((value) => roundTo(dtype, value));
      expect(loaded.tensors.get(name), name).toEqual({ shape, data: stored });
    }
  });

  it.each([
    ['missing', (t: Tensors, name: string): unknown => t.delete(name)],
    [
      'misshapen',
      (t: Tensors, name: string): unknown => t.set(name, { shape: [1], data: new Float32Array(1) }),
    ],
  ] as const)('names each tensor that is %s', async (problem, spoil) => {
    const names = [...tensorsOf(config).keys()];
    for (const name of [names[0], names[names.length >> 1], names.at(-1)] as string[]) {
      const tensors = tensorsOf(config);
      spoil(tensors, name);
      await expect(loadModelWeights(await folderOf(config, tensors))).rejects.toMatchObject({
        code: 'MODEL_WEIGHTS',
        message: expect.stringMatching(new RegExp(`1 problem.*\\n +${problem}: ${name} \\[`)) as string,
      });
    }
  });
});

describe('weights that do not belong', () => {
  const config = kinds.Llama;
  const last = 'model.layers.1.mlp.up_proj.weight';

  it.each([NaN, Infinity, -Infinity])('%s is named', async (value) => {
    const tensors = tensorsOf(config);
    (tensors.get(last)?.data as Float32Array)[7] = value;
    await expect(loadModelWeights(await folderOf(config, tensors, { dtype: 'BF16' }))).rejects.toMatchObject({
      code: 'MODEL_WEIGHTS',
      message: expect.stringMatching(/layers\.1\.mlp\.up_proj\.weight\n.*at element 7/) as string,
    });
  });

  it('a tensor of another layer, or of another model, is named', async () => {
    const tensors = tensorsOf(config);
    tensors.set(
      'model.layers.2.mlp.up_proj.weight',
      tensors.get(last) as { shape: number[]; data: Float32Array },
    );
    tensors.set('visual.patch_embed.weight', { shape: [1], data: new Float32Array(1) });
    await expect(loadModelWeights(await folderOf(config, tensors))).rejects.toThrow(
      /2 problem[^]*unknown: model\.layers\.2\.mlp\.up_proj\.weight[^]*unknown: visual/,
    );
  });

  it('a billion layers are not even listed', async () => {
    const folder = await folderOf(config, tensorsOf(config));
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 1e9 }));
    await expect(loadModelWeights(folder)).rejects.toThrow(/MODEL_WEIGHTS[^]*num_hidden_layers 1000000000/);
  });
});
