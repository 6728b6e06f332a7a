import { cp, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdapterTarget } from '@doppio/core';
import { linearSites, loadModelWeights, readSafetensors, type ModelWeights } from '@doppio/models';
import { FullAdapterFactory } from './full-factory.js';
import { LoraAdapterFactory } from './lora-factory.js';
import { mergeAdapter } from './merge.js';
import { saveMerged } from './save-merged.js';

const models = fileURLToPath(new URL('../../../../golden/numeric/models', import.meta.url));

interface Fixture {
  readonly model: string;
  readonly adapter: string;
  readonly adapted: number;
  /** Scale and rank by the end of the path. */
  readonly scales: Readonly<Record<string, readonly [scale: number, rank: number]>>;
}
const plain = { q_proj: [4, 4], down_proj: [4, 4] } as const;
const fixtures: readonly Fixture[] = [
  { model: 'tiny-qwen2', adapter: 'lora', adapted: 14, scales: plain },
  { model: 'tiny-qwen2', adapter: 'lora-qv-rslora', adapted: 4, scales: { q_proj: [8 / Math.sqrt(8), 8] } },
  {
    model: 'tiny-qwen2',
    adapter: 'lora-patterns',
    adapted: 4,
    scales: { o_proj: [2, 2], down_proj: [0.5, 6] },
  },
  { model: 'tiny-qwen2-tied', adapter: 'lora', adapted: 14, scales: plain },
  { model: 'tiny-llama', adapter: 'lora', adapted: 14, scales: plain },
  { model: 'tiny-qwen3', adapter: 'lora', adapted: 14, scales: plain },
];

function targetOf({ config, tensors }: ModelWeights): AdapterTarget {
  return { sites: linearSites(config), weights: tensors };
}

describe('adapters written by PEFT', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doppio-adapters-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  describe.each(fixtures)('$model/$adapter', ({ model, adapter: name, adapted, scales }) => {
    const source = join(models, model, name);

    it('has the ranks and scales of its configuration', async () => {
      const target = targetOf(await loadModelWeights(join(models, model)));
      const adapter = await new LoraAdapterFactory().load(target, source);
      const updates = target.sites.map((site) => ({ site, update: adapter.lowRank(site.path) }));
      expect(updates.filter(({ update }) => update !== undefined)).toHaveLength(adapted);
      expect(adapter.parameters).toHaveLength(2 * adapted);
      for (const { site, update } of updates.filter((entry) => entry.site.module in scales)) {
        const [scale, rank] = scales[site.module] as readonly [number, number];
        expect(update?.scale, site.path).toBeCloseTo(scale, 12);
        expect(update?.a.shape).toEqual([rank, site.inFeatures]);
        expect(update?.b.shape).toEqual([site.outFeatures, rank]);
      }
    });

    it('merges to the weights that PEFT computes', async () => {
      const base = await loadModelWeights(join(models, model));
      const adapter = await new LoraAdapterFactory().load(targetOf(base), source);
      const merged = mergeAdapter(base.tensors, adapter);
      const { tensors } = await readSafetensors(join(source, 'expected.safetensors'));
      const expected = [...tensors].filter(([key]) => key.startsWith('merged.'));
      expect(expected.length).toBeGreaterThan(0);
      for (const [key, { data }] of expected) {
        const found = merged.get(key.slice('merged.'.length))?.data as Float32Array;
        const worst = data.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (found[i] as number))),
          0,
        );
        expect(worst, key).toBeLessThan(1e-6);
        expect(found).not.toEqual(base.tensors.get(key.slice('merged.'.length))?.data);
      }
      expect(merged.get('model.norm.weight')).toEqual(base.tensors.get('model.norm.weight'));
    });

    it('is saved again byte for byte', async () => {
      const target = targetOf(await loadModelWeights(join(models, model)));
      const adapter = await new LoraAdapterFactory().load(target, source);
      const copy = join(folder, model, name);
      await adapter.save(copy);
      expect((await readdir(copy)).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
      for (const file of await readdir(copy)) {
        expect((await readFile(join(copy, file))).equals(await readFile(join(source, file))), file).toBe(
          true,
        );
      }
    });
  });

  it('a merged model is a model folder, and the rounding is reported', async () => {
    const source = join(models, 'tiny-qwen2');
    const base = await loadModelWeights(source);
    const adapter = await new LoraAdapterFactory().load(targetOf(base), join(source, 'lora'));
    const exact = mergeAdapter(base.tensors, adapter);
    const limits = { F32: 2 ** -24, F16: 2 ** -11, BF16: 2 ** -8 };
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const place = join(folder, `merged-${dtype}`);
      const drift = await saveMerged(place, { source, weights: base.tensors, adapter, dtype });
      const stored = await loadModelWeights(place);
      const largest = Math.max(
        ...[...exact.values()].map(({ data }) => data.reduce((m, x) => Math.max(m, Math.abs(x)), 0)),
      );
      expect(drift.maxAbs).toBeGreaterThan(0);
      expect(drift.maxAbs).toBeLessThanOrEqual(limits[dtype] * largest);
      expect(drift.meanAbs).toBeLessThan(drift.maxAbs);
      const at = drift.worst as string;
      const worst = (stored.tensors.get(at)?.data as Float32Array).reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (exact.get(at)?.data[i] as number))),
        0,
      );
      expect(worst).toBeCloseTo(dtype === 'F32' ? 0 : drift.maxAbs, 6);
      expect(drift.weights).toBe(
        targetOf(base).sites.reduce((sum, { inFeatures, outFeatures }) => sum + inFeatures * outFeatures, 0),
      );
    }
    await expect(saveMerged(source, { source, weights: base.tensors, adapter })).rejects.toThrow(
      /its own base/,
    );
    const config = JSON.parse(await readFile(join(folder, 'merged-BF16/config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ dtype: 'bfloat16', model_type: 'qwen2' });
  });

  it('a merge keeps the dtype of its base, and says what BF16 rounds away', async () => {
    const source = join(models, 'tiny-qwen2-bf16-sharded');
    const base = await loadModelWeights(source);
    const adapter = new LoraAdapterFactory({ rank: 4, targets: ['q_proj'] }).create(targetOf(base), 1);
    const updates = adapter.parameters.filter(({ name }) => name.includes('lora_B'));
    const place = join(folder, 'merged-default');
    for (const { data } of updates) data.fill(1e-7);
    const small = await saveMerged(place, { source, weights: base.tensors, adapter });
    expect(small).toMatchObject({ dtype: 'BF16', otherMaxAbs: 0 });
    expect(small.unchanged / small.weights).toBeGreaterThan(0.99);
    for (const { data } of updates) data.fill(1);
    const large = await saveMerged(place, { source, weights: base.tensors, adapter });
    expect(large.unchanged / large.weights).toBeLessThan(0.05);
    const f32 = await saveMerged(place, { source, weights: base.tensors, adapter, dtype: 'F32' });
    expect(f32.maxAbs).toBeLessThan(2 ** -20);
    const f16 = await saveMerged(place, { source, weights: base.tensors, adapter, dtype: 'F16' });
    expect(f16.otherMaxAbs).toBeGreaterThanOrEqual(0);
    expect((await readdir(place)).filter((name) => name.endsWith('.safetensors'))).toEqual([
      'model.safetensors',
    ]);
  });

  it('a merge does not go into the folder of another model, or of its base by another name', async () => {
    const source = join(models, 'tiny-qwen2');
    const weights = (await loadModelWeights(source)).tensors;
    const adapter = new LoraAdapterFactory().create(targetOf(await loadModelWeights(source)), 1);
    const sharded = join(folder, 'sharded');
    await cp(join(models, 'tiny-qwen2-bf16-sharded'), sharded, { recursive: true });
    await expect(saveMerged(sharded, { source, weights, adapter })).rejects.toThrow(
      /weights of another model[\s\S]*model-00001/,
    );
    await symlink(source, join(folder, 'alias'));
    await expect(saveMerged(join(folder, 'alias'), { source, weights, adapter })).rejects.toThrow(
      /its own base/,
    );
  });

  it('a merge takes the tokenizer along, whatever form it has', async () => {
    const source = join(folder, 'with-tokenizer');
    await cp(join(models, 'tiny-qwen2'), source, { recursive: true });
    const files = ['tokenizer.json', 'tokenizer.model', 'merges.txt', 'chat_template.jinja', 'LICENSE'];
    for (const name of [...files, 'notes.md']) await writeFile(join(source, name), name);
    const base = await loadModelWeights(source);
    const place = join(folder, 'merged-tokenizer');
    await saveMerged(place, {
      source,
      weights: base.tensors,
      adapter: new LoraAdapterFactory().create(targetOf(base), 1),
    });
    expect((await readdir(place)).sort()).toEqual([...files, 'config.json', 'model.safetensors'].sort());
  });

  it('full: trains copies of all weights, and stores them under their own names', async () => {
    const base = await loadModelWeights(join(models, 'tiny-qwen2-tied'));
    const factory = new FullAdapterFactory();
    const adapter = factory.create(targetOf(base));
    expect(adapter.parameters.map(({ name }) => name)).toEqual([...base.tensors.keys()]);
    const first = adapter.parameters[0];
    (first?.data as Float32Array)[0] = 42;
    expect(base.tensors.get(first?.name as string)?.data[0]).not.toBe(42);
    await adapter.save(join(folder, 'full'));
    const again = await factory.load(targetOf(base), join(folder, 'full'));
    expect(again.parameters).toEqual(adapter.parameters);
    expect(mergeAdapter(base.tensors, again).get(first?.name as string)?.data[0]).toBe(42);
    (first?.data as Float32Array)[1] = NaN;
    await adapter.save(join(folder, 'full-nan'));
    await expect(factory.load(targetOf(base), join(folder, 'full-nan'))).rejects.toThrow(/\[1\] is NaN/);
    const other = targetOf(await loadModelWeights(join(models, 'tiny-llama')));
    await expect(factory.load(other, join(folder, 'full'))).rejects.toMatchObject({
      code: 'ADAPTER_INVALID',
      message: expect.stringContaining('unknown: model.layers.0.self_attn.q_proj.bias') as string,
    });
  });
});
