import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFolders, minimal, nano } from '../../test/config-folders.js';

const { folder, load, failure } = configFolders();

describe('files', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['doppio.config.json', '{"model": "./m", "training": {"steps": 3}}'],
    ['doppio.config.yaml', 'model: ./m\ntraining:\n  steps: 3\n'],
    ['doppio.config.yml', 'model: ./m\ntraining: { steps: 3 }\n'],
    ['doppio.config.mjs', 'export default { model: "./m", training: { steps: 3 } };'],
    ['doppio.config.ts', 'const steps: number = 3; export default { model: "./m", training: { steps } };'],
  ];
  it.each(forms)('reads %s', async (name, text) => {
    const { config, file, directory, cwd, provenance } = await load({ [name]: text });
    expect(file).toBe(join(cwd, name));
    expect(directory).toBe(cwd);
    expect(config.model).toBe(join(cwd, 'm'));
    expect(config.training.steps).toBe(3);
    expect(provenance['training.steps']).toBe(`file:${file} training.steps`);
  });

  it('gives TypeScript files this very package, wherever they lie', async () => {
    const { config } = await load({
      'doppio.config.ts': `import { defineConfig, type Reward } from '@doppio/core';
        const reward: Reward = { id: 'mine', score: ({ completions }) => completions.map(() => 1) };
        export default defineConfig(async () => ({ model: '/m', rewards: [reward, { use: reward, weight: 2 }] }));`,
    });
    expect(config.rewards.map(({ use, weight }) => [typeof use === 'string' ? use : use.id, weight])).toEqual(
      [
        ['mine', 1],
        ['mine', 2],
      ],
    );
  });

  it.each([
    ['a function', 'export default () => ({ model: "/m", seed: 5 });'],
    ['an asynchronous function', 'export default async () => ({ model: "/m", seed: 5 });'],
    ['a promise', 'export default Promise.resolve({ model: "/m", seed: 5 });'],
  ])('takes %s', async (_, text) => {
    expect((await load({ 'doppio.config.mjs': text })).config.seed).toBe(5);
  });

  it('reads a file by name, and paths in it from its own folder', async () => {
    const other = await folder({
      'other.json': '{"model": "m", "out": "o", "plugins": ["./p.js", "package"]}',
    });
    const { config, directory } = await load(
      { 'doppio.config.json': '{"seed": 1}' },
      { file: join(other, 'other.json') },
    );
    expect(directory).toBe(other);
    expect(config).toMatchObject({
      seed: 0,
      model: join(other, 'm'),
      out: join(other, 'o'),
      plugins: [join(other, 'p.js'), 'package'],
    });
  });

  it('takes a byte order mark', async () => {
    expect((await load({ 'doppio.config.json': `\uFEFF${minimal}` })).config.model).toBe('/m');
  });

  it('does without a file', async () => {
    const { config, file, cwd } = await load({}, { preset: nano });
    expect(file).toBeUndefined();
    expect(config.out).toBe(join(cwd, 'runs/default'));
  });

  it.each([
    ['an empty JSON file', 'doppio.config.json', '  \n', 'CONFIG_EMPTY', 'is empty'],
    ['an empty YAML file', 'doppio.config.yaml', '# nothing\n', 'CONFIG_EMPTY', 'is empty'],
    [
      'a module without default export',
      'doppio.config.mjs',
      'export const config = {};',
      'CONFIG_EMPTY',
      'export default',
    ],
    ['a list', 'doppio.config.json', '[1]', 'CONFIG_INVALID', 'seen:  [1]'],
    ['a text', 'doppio.config.yaml', 'just text', 'CONFIG_INVALID', '"just text"'],
    [
      'a module that throws',
      'doppio.config.mjs',
      'throw new Error("no token set");',
      'CONFIG_THREW',
      'no token set',
    ],
    [
      'a function that throws',
      'doppio.config.mjs',
      'export default () => { throw new Error("no token set"); };',
      'CONFIG_THREW',
      'no token set',
    ],
    [
      'a rejected promise',
      'doppio.config.mjs',
      'export default async () => { throw new Error("no token set"); };',
      'CONFIG_THREW',
      'no token set',
    ],
    [
      'TypeScript with a syntax error',
      'doppio.config.ts',
      'export default { model: };',
      'CONFIG_THREW',
      'nexpected token',
    ],
    [
      'TypeScript that throws',
      'doppio.config.ts',
      'const x: number = 1; throw new Error(`bad ${x}`);',
      'CONFIG_THREW',
      'bad 1',
    ],
    ['broken JSON', 'doppio.config.json', '{"seed": 1,\n "model" }', 'CONFIG_SYNTAX', 'line 2, column 10'],
    [
      'a value that contains itself',
      'doppio.config.mjs',
      'const a = { model: "/m" }; a.training = { a }; export default a;',
      'CONFIG_INVALID',
      'training.a contains itself',
    ],
  ])('explains %s', async (_, name, text, code, message) => {
    const error = await failure({ [name]: text });
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.message).toContain(name);
  });

  it('explains a file that is not there, a folder, and an unknown kind', async () => {
    const missing = await failure({}, { file: 'nope.json' });
    expect(missing.code).toBe('CONFIG_NOT_FOUND');
    expect(missing.facts.where).toContain('nope.json');
    expect((await failure({}, { file: '.' })).message).toContain('a folder');
    expect((await failure({ 'c.toml': 'seed = 1' }, { file: 'c.toml' })).message).toContain('.toml');
  });

  it('does not choose between two files', async () => {
    const error = await failure({ 'doppio.config.json': minimal, 'doppio.config.yaml': 'seed: 1' });
    expect(error.code).toBe('CONFIG_AMBIGUOUS');
    expect(error.message).toContain('doppio.config.json');
    expect(error.message).toContain('doppio.config.yaml');
  });
});

describe('layers', () => {
  it('puts each over the one before, and knows where every leaf is from', async () => {
    const file = '{"seed": 1, "training": {"steps": 2, "groupSize": 4}, "evaluation": {"before": false}}';
    const { config, provenance, cwd } = await load(
      { 'doppio.config.json': file },
      {
        preset: nano,
        set: ['training.groupSize=6', 'rewards.1.weight=2'],
        overrides: [{ flag: '--seed', key: 'seed', value: 9 }],
      },
    );
    const path = join(cwd, 'doppio.config.json');
    expect(config).toMatchObject({
      seed: 9,
      training: { steps: 2, groupSize: 6, promptsPerStep: 16, sampling: { maxTokens: 48 } },
    });
    expect(config.rewards).toEqual([
      { use: 'accuracy', options: {}, weight: 1, deadlineSeconds: 60 },
      { use: 'format', options: {}, weight: 2, deadlineSeconds: 60 },
    ]);
    expect(provenance).toMatchObject({
      seed: '--seed',
      model: 'preset nano',
      'training.steps': `file:${path} training.steps`,
      'training.groupSize': '--set',
      'training.promptsPerStep': 'default',
      'training.sampling.maxTokens': 'preset nano',
      'training.sampling.temperature': 'default',
      'rewards[0].use': 'preset nano',
      'rewards[0].weight': 'default',
      'rewards[1].weight': '--set',
      'evaluation.before': `file:${path} evaluation.before`,
      'policy.use': 'default',
      'adapter.options.rank': 'preset nano',
    } satisfies Record<string, string>);
  });

  it('replaces lists whole', async () => {
    const { config } = await load({ 'doppio.config.json': '{"rewards": ["length"]}' }, { preset: nano });
    expect(config.rewards.map(({ use }) => use)).toEqual(['length']);
  });

  it('merges the options of the same part and drops those of another', async () => {
    const same = await load(
      { 'doppio.config.json': '{"adapter": {"options": {"rank": 4}}}' },
      { preset: nano },
    );
    expect(same.config.adapter).toEqual({ use: 'lora', options: { rank: 4, alpha: 32 } });
    const other = await load({ 'doppio.config.json': '{"adapter": "full"}' }, { preset: nano });
    expect(other.config.adapter).toEqual({ use: 'full', options: {} });
    expect(other.provenance['adapter.use']).toMatch(/^file:.* adapter$/);
    const byDefault = await load({ 'doppio.config.json': minimal }, { set: ['policy.options.threads=2'] });
    expect(byDefault.config.policy).toEqual({ use: 'onnx', options: { threads: 2 } });
  });

  it('lets the last of several expressions win, and takes paths in them from the working directory', async () => {
    const { config, cwd } = await load(
      { 'doppio.config.json': minimal },
      { set: ['seed=1', 'seed=2', 'out=./here'] },
    );
    expect(config.seed).toBe(2);
    expect(config.out).toBe(join(cwd, 'here'));
  });

  it('fills in every default, and freezes the result', async () => {
    const { config, cwd } = await load({ 'doppio.config.json': minimal });
    const part = (use: string) => ({ use, options: {} });
    expect(config).toEqual({
      seed: 0,
      model: '/m',
      out: join(cwd, 'runs/default'),
      plugins: [],
      policy: part('onnx'),
      adapter: part('lora'),
      sampler: part('onnx'),
      optimizer: part('grpo'),
      rewards: [],
      benchmarks: [],
      trackers: [],
      training: {
        steps: 100,
        promptsPerStep: 16,
        groupSize: 8,
        sampling: {
          temperature: 1,
          topK: 0,
          topP: 1,
          minP: 0,
          repetitionPenalty: 1,
          maxTokens: 1024,
          stopStrings: [],
        },
        checkpointEvery: 25,
        keepCheckpoints: 3,
      },
      evaluation: { before: true, after: true, examples: 3 },
    });
    for (const value of [
      config,
      config.training,
      config.training.sampling,
      config.rewards,
      config.policy,
      config.policy.options,
    ]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });

  it('does not touch the preset', async () => {
    const before = JSON.stringify(nano);
    await load({}, { preset: nano, set: ['training.steps=1', 'rewards.0.weight=9'] });
    expect(JSON.stringify(nano)).toBe(before);
  });
});
