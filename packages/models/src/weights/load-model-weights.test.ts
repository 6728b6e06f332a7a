import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bfloatToFloat, floatToBfloat } from '../safetensors/convert.js';
import { readSafetensors } from '../safetensors/safetensors-file.js';
import { writeSafetensors } from '../safetensors/write-safetensors.js';
import { expectedTensors, linearSites } from './expected-tensors.js';
import { loadModelWeights } from './load-model-weights.js';
import { saveModel } from './save-model.js';

const models = fileURLToPath(new URL('../../../../golden/numeric/models', import.meta.url));
const names = ['tiny-qwen2', 'tiny-qwen2-tied', 'tiny-llama', 'tiny-qwen3', 'tiny-qwen2-bf16-sharded'];

describe('model folders', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doppio-weights-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(names)('%s loads with every tensor in its place', async (name) => {
    const { config, tensors } = await loadModelWeights(join(models, name));
    const expected = expectedTensors(config);
    expect([...tensors.keys()]).toEqual([...expected.keys()]);
    for (const [key, { shape, data }] of tensors) {
      expect(shape, key).toEqual(expected.get(key));
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      expect(data.every(Number.isFinite)).toBe(true);
    }
    expect(linearSites(config)).toHaveLength(7 * config.layers);
  });

  it('reads bf16 shards as the f32 model rounded to bf16', async () => {
    const full = await loadModelWeights(join(models, 'tiny-qwen2'));
    const rounded = await loadModelWeights(join(models, 'tiny-qwen2-bf16-sharded'));
    for (const [name, { data }] of full.tensors) {
      const other = rounded.tensors.get(name)?.data as Float32Array;
      expect(data.every((value, i) => bfloatToFloat(floatToBfloat(value)) === other[i])).toBe(true);
    }
  });

  it('writes a model back byte for byte', async () => {
    const source = join(models, 'tiny-llama');
    const { tensors } = await loadModelWeights(source);
    const config = JSON.parse(await readFile(join(source, 'config.json'), 'utf8')) as Record<string, unknown>;
    await saveModel(join(folder, 'copy'), config, tensors);
    const written = await readFile(join(folder, 'copy/model.safetensors'));
    expect(written.equals(await readFile(join(source, 'model.safetensors')))).toBe(true);
    expect(JSON.parse(await readFile(join(folder, 'copy/config.json'), 'utf8'))).toEqual(config);
  });

  it('names everything that is missing, unknown or misshapen at once', async () => {
    const bad = join(folder, 'bad');
    await cp(join(models, 'tiny-qwen2-tied'), bad, { recursive: true });
    const file = join(bad, 'model.safetensors');
    const { tensors } = await readSafetensors(file);
    tensors.delete('model.norm.weight');
    tensors.set('model.extra.weight', { shape: [1], data: new Float32Array(1) });
    tensors.set('model.layers.0.input_layernorm.weight', { shape: [3], data: new Float32Array(3) });
    await writeSafetensors(file, tensors);
    await expect(loadModelWeights(bad)).rejects.toMatchObject({
      code: 'MODEL_WEIGHTS',
      message: expect.stringMatching(
        /3 problem[\s\S]*misshapen: model\.layers\.0\.input_layernorm\.weight \[3\], not \[32\][\s\S]*missing: model\.norm\.weight[\s\S]*unknown: model\.extra\.weight/,
      ) as string,
    });
  });

  it('takes an equal head beside a tied embedding and old rotary buffers, but not a different head', async () => {
    const tied = join(folder, 'tied');
    await cp(join(models, 'tiny-qwen2-tied'), tied, { recursive: true });
    const file = join(tied, 'model.safetensors');
    const { tensors } = await readSafetensors(file);
    const embedding = tensors.get('model.embed_tokens.weight') as { shape: number[]; data: Float32Array };
    tensors.set('lm_head.weight', embedding);
    tensors.set('model.layers.0.self_attn.rotary_emb.inv_freq', { shape: [8], data: new Float32Array(8) });
    await writeSafetensors(file, tensors);
    expect((await loadModelWeights(tied)).tensors.has('lm_head.weight')).toBe(false);
    const other = embedding.data.slice();
    other[5] = 1;
    tensors.set('lm_head.weight', { shape: embedding.shape, data: other });
    await writeSafetensors(file, tensors);
    await expect(loadModelWeights(tied)).rejects.toMatchObject({ code: 'MODEL_WEIGHTS' });
  });

  it('says which file a folder lacks', async () => {
    await expect(loadModelWeights(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('config.json') as string,
    });
    await writeFile(join(folder, 'config.json'), await readFile(join(models, 'tiny-llama/config.json')));
    await expect(loadModelWeights(folder)).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' });
  });
});
