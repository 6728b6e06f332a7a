import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, AdapterTarget, LinearSite } from '@doppio/core';
import { readSafetensors, writeSafetensors, type TensorToWrite } from '@doppio/models';
import { LoraAdapterFactory } from './lora-factory.js';

const modules = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
const sites: readonly LinearSite[] = [0, 1].flatMap((layer) =>
  modules.map((module) => ({
    path: `model.layers.${String(layer)}.self_attn.${module}`,
    module,
    layer,
    inFeatures: 16,
    outFeatures: 8,
  })),
);
const target: AdapterTarget = { sites, weights: new Map() };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doppio-lora-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('new adapters', () => {
  it('start as PEFT starts them: B zero, A uniform within 1/sqrt(in)', () => {
    const adapter = new LoraAdapterFactory({ rank: 64, alpha: 16 }).create(target, 7);
    for (const { path } of sites) {
      const update = adapter.lowRank(path);
      expect(update?.scale).toBe(0.25);
      expect(update?.b.data.every((value) => value === 0)).toBe(true);
      const a = update?.a.data as Float32Array;
      const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(0.25);
      expect(largest).toBeGreaterThan(0.24);
      const variance = a.reduce((sum, value) => sum + value * value, 0) / a.length;
      expect(Math.abs(variance - 0.25 ** 2 / 3)).toBeLessThan(0.004);
    }
    expect(adapter.parameters[0]?.name).toBe(
      'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight',
    );
  });

  it('depend on the seed, and not on what else is adapted', () => {
    const values = (targets: string[], seed: number): Float32Array | undefined =>
      new LoraAdapterFactory({ targets }).create(target, seed).lowRank(sites[5]?.path as string)?.a.data;
    expect(values(['k_proj'], 1)).toEqual(values(['q_proj', 'k_proj', 'v_proj'], 1));
    expect(values(['k_proj'], 1)).not.toEqual(values(['k_proj'], 2));
    const all = new LoraAdapterFactory().create(target, 1);
    expect(all.lowRank(sites[0]?.path as string)?.a.data).not.toEqual(
      all.lowRank(sites[1]?.path as string)?.a.data,
    );
  });

  const selections: readonly (readonly [string | string[], readonly number[]])[] = [
    ['all-linear', [0, 1, 2, 3, 4, 5, 6, 7]],
    [
      ['q_proj', 'self_attn.v_proj'],
      [0, 2, 4, 6],
    ],
    [['model.layers.1.self_attn.o_proj'], [7]],
    ['.*\\.(q|v)_proj', [0, 2, 4, 6]],
    ['model\\.layers\\.1\\..*', [4, 5, 6, 7]],
    ['.*(?P<m>q)_proj\\Z', [0, 4]],
    ['.*layers\\.\\d{,2}\\.self_attn\\.v_proj', [2, 6]],
    ['All-Linear', [0, 1, 2, 3, 4, 5, 6, 7]],
  ];
  it.each(selections)('targets %j', (targets, expected) => {
    const adapter = new LoraAdapterFactory({ targets }).create(target, 0);
    expect(sites.flatMap(({ path }, i) => (adapter.lowRank(path) === undefined ? [] : [i]))).toEqual(
      expected,
    );
  });

  it.each<[string | string[], RegExp]>([
    [['q_proj', 'query'], /fit no linear projection[\s\S]*query[\s\S]*q_proj, k_proj/],
    [['proj'], /fit no linear projection/],
    ['q_proj', /leave no projection/],
    ['.*(q_proj', /cannot be used/],
    ['(?i).*q_proj', /\(\?i is not known/],
    ['.*+q_proj', /\*\+ is not known/],
    ['.*[]q]_proj', /\[\] is not known/],
    ['(([a-z.0-9_]+)*)*!', /cannot be used[\s\S]*timed out/],
  ])('refuses targets %j', (targets, message) => {
    const create = (): unknown => new LoraAdapterFactory({ targets }).create(target, 0);
    expect(create).toThrow(message);
    expect(create).toThrow(expect.objectContaining({ code: 'ADAPTER_TARGETS' }) as Error);
  });

  it('take the first rank and alpha pattern that fits the end of a path', () => {
    const adapter = new LoraAdapterFactory({
      rank: 4,
      alpha: 8,
      rsLora: true,
      rankPattern: { 'layers.1.self_attn.q_proj': 9, q_proj: 16, '^model.*v_proj': 3 },
      alphaPattern: { 'q_proj|k_proj': 6 },
    }).create(target, 0);
    const found = sites.map(({ path }) => {
      const update = adapter.lowRank(path);
      return [update?.a.shape[0], update?.scale];
    });
    expect(found.slice(0, 4)).toEqual([
      [16, 1.5],
      [4, 3],
      [3, 8 / Math.sqrt(3)],
      [4, 4],
    ]);
    expect(found[4]).toEqual([9, 2]);
    // Anchored: it would have to be the whole path.
    for (const option of ['rankPattern', 'alphaPattern'])
      expect(() =>
        new LoraAdapterFactory({ [option]: { '^v_proj': 3, _proj: 3, v_proj: 3 } }).create(target, 0),
      ).toThrow(/fit no adapted projection[\s\S]*\^v_proj, _proj\n/);
  });

  it('leave projections and blocks out, and say so in PEFT keys', async () => {
    const made = (options: object): LoraAdapterFactory => new LoraAdapterFactory({ rank: 2, ...options });
    const adapted = (adapter: Adapter): number[] =>
      sites.flatMap(({ path }, i) => (adapter.lowRank(path) === undefined ? [] : [i]));
    const adapter = made({ exclude: ['k_proj', 'layers.1.self_attn.q_proj'], layers: [1] }).create(
      { ...target, model: 'org/base' },
      0,
    );
    expect(adapted(adapter)).toEqual([6, 7]);
    expect(adapted(made({ exclude: '.*\\.[qkv]_proj' }).create(target, 0))).toEqual([3, 7]);
    const place = join(folder, 'excluding');
    await adapter.save(place);
    expect(adapted(await new LoraAdapterFactory().load(target, place))).toEqual([6, 7]);
    expect(JSON.parse(await readFile(join(place, 'adapter_config.json'), 'utf8'))).toMatchObject({
      base_model_name_or_path: 'org/base',
      target_modules: ['o_proj', 'v_proj'],
      exclude_modules: ['k_proj', 'layers.1.self_attn.q_proj'],
      layers_to_transform: [1],
    });
    expect(() => made({ exclude: ['query'] }).create(target, 0)).toThrow(/query/);
    expect(() => made({ layers: [1, 2] }).create(target, 0)).toThrow(/no such blocks[\s\S]*0 to 1/);
    expect(() => made({ targets: '.*q_proj', layers: [1] })).toThrow(/names the layers itself/);
  });

  it('start from a normal A where asked to', () => {
    const adapter = new LoraAdapterFactory({ rank: 64, init: 'gaussian' }).create(target, 7);
    const { a, b } = adapter.lowRank(sites[0]?.path as string) ?? {};
    const values = [...(a?.data ?? [])];
    expect(b?.data.every((value) => value === 0)).toBe(true);
    // 1024 values: the deviation's own error is 2 %, five of which are allowed.
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(Math.abs(deviation * 64 - 1)).toBeLessThan(0.11);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(2.5 / 64);
    expect(() => new LoraAdapterFactory({ init: 'pissa' } as object)).toThrow(/init/);
  });

  it('refuse options that are not there or out of range', () => {
    const code = expect.objectContaining({ code: 'ADAPTER_OPTIONS' }) as Error;
    expect(() => new LoraAdapterFactory({ rank: 0 })).toThrow(code);
    expect(() => new LoraAdapterFactory({ dropout: 1 })).toThrow(/dropout/);
    expect(() => new LoraAdapterFactory({ ranks: 4 } as object)).toThrow(/ranks/);
  });

  it('are read back as they were saved', async () => {
    const place = join(folder, 'new');
    const options = {
      rank: 3,
      alpha: 5,
      dropout: 0.25,
      targets: ['k_proj', 'o_proj'],
      rankPattern: { o_proj: 2 },
    };
    const adapter = new LoraAdapterFactory(options).create(target, 11);
    adapter.parameters.forEach(({ data }, i) => data.fill(i / 7));
    await adapter.save(place);
    await adapter.save(place);
    const again = await new LoraAdapterFactory().load(target, place);
    expect(again.parameters).toEqual(adapter.parameters);
    for (const { path } of sites) expect(again.lowRank(path)).toEqual(adapter.lowRank(path));
    const config = JSON.parse(await readFile(join(place, 'adapter_config.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(config).toMatchObject({
      peft_type: 'LORA',
      r: 3,
      lora_alpha: 5,
      target_modules: ['k_proj', 'o_proj'],
    });
    expect(Object.keys(config)).toEqual(Object.keys(config).sort());
  });
});

describe('adapter files that cannot be used', () => {
  /** A good adapter's folder with changes to its configuration and tensors. */
  async function saved(
    config: Record<string, unknown>,
    change: (tensors: Map<string, TensorToWrite>) => void = () => undefined,
  ): Promise<string> {
    const place = await mkdtemp(join(folder, 'bad-'));
    await new LoraAdapterFactory({ rank: 2, targets: ['q_proj'] }).create(target, 0).save(place);
    const configPath = join(place, 'adapter_config.json');
    const merged = { ...(JSON.parse(await readFile(configPath, 'utf8')) as object), ...config };
    await writeFile(configPath, JSON.stringify(merged));
    const weights = join(place, 'adapter_model.safetensors');
    const tensors: Map<string, TensorToWrite> = (await readSafetensors(weights)).tensors;
    change(tensors);
    await writeSafetensors(weights, tensors);
    return place;
  }
  const load = (place: string): Promise<unknown> => new LoraAdapterFactory().load(target, place);

  it.each<Record<string, unknown>>([
    { use_dora: true },
    { bias: 'all' },
    { lora_bias: true },
    { modules_to_save: ['lm_head'] },
    { layer_replication: [[0, 2]] },
    { trainable_token_indices: [1] },
    { alora_invocation_tokens: [5] },
    { target_parameters: ['x'] },
    { init_lora_weights: 'pissa_niter_4' },
    { init_lora_weights: 'olora' },
    { fan_in_fan_out: true },
    { peft_type: 'IA3' },
    { use_dora: true, use_qalora: true },
  ])('refuses %j by name', async (config) => {
    const error: unknown = await load(await saved(config)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'ADAPTER_UNSUPPORTED' });
    for (const key of Object.keys(config)) expect(String(error)).toContain(key);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ r: 0 }, /r: /],
    [{ r: '8' }, /r: /],
    [{ lora_alpha: 'high' }, /lora_alpha/],
    [{ target_modules: null }, /target_modules/],
    [{ rank_pattern: { q_proj: -1 } }, /rank_pattern/],
  ])('refuses the values %j', async (config, message) => {
    await expect(load(await saved(config))).rejects.toMatchObject({
      code: 'ADAPTER_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it('keeps keys of later versions, which are not its business', async () => {
    const place = await saved({ invented_later: { x: [1] }, exclude_modules: [] });
    const text = await readFile(join(place, 'adapter_config.json'));
    const adapter = await new LoraAdapterFactory().load(target, place);
    await adapter.save(place);
    expect((await readFile(join(place, 'adapter_config.json'))).equals(text)).toBe(true);
  });

  it('follows exclude_modules and layers_to_transform', async () => {
    const layer1 = await saved({ layers_to_transform: [1] }, (tensors) => {
      for (const name of [...tensors.keys()]) if (name.includes('layers.0.')) tensors.delete(name);
    });
    expect(((await load(layer1)) as { parameters: unknown[] }).parameters).toHaveLength(2);
    await expect(load(await saved({ exclude_modules: '.*q_proj' }))).rejects.toThrow(/leave no projection/);
    // As PEFT: no layers are all of them, and what is listed by its whole path is adapted in any case.
    const parameters = async (config: object): Promise<number> =>
      ((await load(await saved({ ...config }))) as { parameters: unknown[] }).parameters.length;
    expect(await parameters({ layers_to_transform: [] })).toBe(4);
    expect(
      await parameters({
        layers_to_transform: 1,
        target_modules: ['q_proj', 'model.layers.0.self_attn.q_proj'],
      }),
    ).toBe(4);
  });

  it('names every tensor that is missing, unknown or misshapen', async () => {
    const name = (layer: number, matrix: string): string =>
      `base_model.model.model.layers.${String(layer)}.self_attn.q_proj.lora_${matrix}.weight`;
    const place = await saved({}, (tensors) => {
      tensors.delete(name(0, 'A'));
      tensors.set(name(0, 'B'), { shape: [8, 3], data: new Float32Array(24) });
      tensors.set('base_model.model.lm_head.lora_A.weight', { shape: [1], data: new Float32Array(1) });
    });
    const error: unknown = await load(place).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'ADAPTER_INVALID' });
    expect(String(error)).toContain(`missing: ${name(0, 'A')}`);
    expect(String(error)).toContain(`misshapen: ${name(0, 'B')} [8, 3], not [8, 2]`);
    expect(String(error)).toContain('unknown: base_model.model.lm_head.lora_A.weight');
  });

  it('refuses values that are no numbers, and names where', async () => {
    const place = await saved({}, (tensors) => {
      (([...tensors.values()][1] as TensorToWrite).data as Float32Array)[3] = NaN;
    });
    await expect(load(place)).rejects.toThrow(/lora_B\.weight\[3\] is NaN/);
  });

  it('stops loading and saving when asked to', async () => {
    const place = await saved({});
    const stopped = AbortSignal.abort();
    await expect(new LoraAdapterFactory().load(target, place, stopped)).rejects.toThrow(/abort/);
    const adapter = new LoraAdapterFactory().create(target, 0);
    await expect(adapter.save(join(folder, 'stopped'), stopped)).rejects.toThrow(/abort/);
    await expect(readFile(join(folder, 'stopped', 'adapter_config.json'))).rejects.toThrow(/ENOENT/);
  });

  it('says which file is missing, cut off or a pickle', async () => {
    await expect(load(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ADAPTER_MISSING' });
    const place = await saved({});
    const weights = join(place, 'adapter_model.safetensors');
    const whole = await readFile(weights);
    await writeFile(weights, whole.subarray(0, whole.length - 4));
    await expect(load(place)).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
    await rm(weights);
    await expect(load(place)).rejects.toThrow(/no adapter weights/);
    await writeFile(join(place, 'adapter_model.bin'), '');
    await expect(load(place)).rejects.toThrow(/pickle[\s\S]*safe_serialization/);
    await writeFile(join(place, 'adapter_config.json'), '{');
    await expect(load(place)).rejects.toMatchObject({ code: 'ADAPTER_INVALID' });
  });
});
