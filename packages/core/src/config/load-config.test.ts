import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DoppioError } from '../errors/doppio-error.js';
import { configEntries, describeConfig } from './describe-config.js';
import { loadConfig, type LoadConfigOptions } from './load-config.js';
import { originOf } from './origins.js';
import type { Preset } from './schema.js';

let root: string;
let next = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'doppio-config-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A fresh folder with these files. */
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(root, String(next++));
  await mkdir(directory);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

async function load(files: Readonly<Record<string, string>>, options: LoadConfigOptions = {}) {
  const cwd = await folder(files);
  return { cwd, ...(await loadConfig({ cwd, ...options })) };
}

async function failure(
  files: Readonly<Record<string, string>>,
  options: LoadConfigOptions = {},
): Promise<DoppioError> {
  const error: unknown = await load(files, options).catch((thrown: unknown) => thrown);
  if (!DoppioError.is(error)) throw new Error(`expected a DoppioError, got ${JSON.stringify(error)}`);
  return error;
}

const nano: Preset = {
  name: 'nano',
  description: 'Small',
  config: {
    model: '/models/nano',
    adapter: { use: 'lora', options: { rank: 16, alpha: 32 } },
    rewards: ['accuracy', { use: 'format', weight: 0.5 }],
    training: { steps: 200, sampling: { maxTokens: 48 } },
  },
};
const minimal = '{"model": "/m"}';

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

describe('problems', () => {
  it('names every unknown key with its file and the key that was meant', async () => {
    const text =
      '{"model": "/m", "sede": 1, "training": {"stpes": 5, "sampling": {"temprature": 1}}, "steps": 3, "rewards": [{"use": "a", "wieght": 1}], "adapter": {"use": "lora", "option": {}}}';
    const error = await failure({ 'doppio.config.json': text }, { set: ['training.groupsize=4'] });
    expect(error.code).toBe('CONFIG_UNKNOWN_KEY');
    expect(error.message).toContain('7 problems');
    for (const [key, meant] of [
      ['sede', 'seed'],
      ['steps', 'training.steps'],
      ['training.stpes', 'training.steps'],
      ['training.sampling.temprature', 'training.sampling.temperature'],
      ['rewards[0].wieght', 'rewards[0].weight'],
      ['adapter.option', 'adapter.options'],
    ]) {
      expect(error.message).toMatch(
        new RegExp(
          `${key?.replace(/[[\].]/g, '\\$&')}: unknown key; did you mean ${meant?.replace(/[[\].]/g, '\\$&')}\\? \\[file:.*doppio\\.config\\.json`,
        ),
      );
    }
    expect(error.message).toContain(
      'training.groupsize: unknown key; did you mean training.groupSize? [--set]',
    );
  });

  it('names path, expected and seen of wrong values, all at once', async () => {
    const text =
      'model: 5\nseed: -1\nplugins: one\npolicy: 3\ntraining: { steps: "many", groupSize: 1.5, sampling: { topP: 2 } }\nrewards: [{ weight: 1 }, 7]\nevaluation: null\n';
    const error = await failure({ 'doppio.config.yaml': text });
    expect(error.code).toBe('CONFIG_INVALID');
    for (const line of [
      'model: expected string, seen 5 (number)',
      'seed: expected number to be >=0, seen -1 (number)',
      'plugins: expected array, seen "one" (string)',
      'policy: expected object, seen 3 (number)',
      'training.steps: expected number, seen "many" (string)',
      'training.groupSize: expected an integer, seen 1.5 (number)',
      'training.sampling.topP: expected number to be <=1, seen 2 (number)',
      'rewards[0].use: is required; expected the id of a Reward',
      'rewards[1]: expected object, seen 7 (number)',
      'evaluation: expected object, seen null (null)',
    ]) {
      expect(error.message).toContain(line);
    }
    expect(error.facts.where).toMatch(/doppio\.config\.yaml$/);
  });

  it('says that the model is missing, and that there was no file', async () => {
    const error = await failure({});
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('model: is required');
    expect(error.message).toContain('no configuration file');
  });

  it('refuses an object that is no implementation, and options beside one that is', async () => {
    const error = await failure({
      'doppio.config.mjs': `const reward = { id: 'r', score: () => [] };
        export default { model: '/m', rewards: [{ id: 'r', scroe: () => [] }, { use: reward, options: { a: 1 } }], trackers: [{ use: reward }] };`,
    });
    expect(error.message).toContain('rewards[0].use: is required');
    expect(error.message).toContain(
      'rewards[1].options: expected none, since the part is given as an object',
    );
    expect(error.message).toContain(
      'trackers[0].use: expected the id of a Tracker, or an object with an `id` and a function `onEvent`',
    );
  });

  it('explains unusable expressions and flags', async () => {
    const files = { 'doppio.config.json': minimal };
    expect((await failure(files, { set: ['seed'] })).code).toBe('CONFIG_SET');
    const error = await failure(files, {
      set: ['rewards.3.weight=1', 'seed.x=1'],
      overrides: [{ flag: '--steps', key: 'training.steps', value: 'ten' }],
    });
    expect(error.message).toContain('rewards: has 0 items; rewards[3] is beyond its end');
    expect(error.message).toContain('training.steps: expected number, seen "ten" (string) [--steps]');
  });

  it.each([
    [
      'doppio.config.json',
      '{"model": "/m", "__proto__": {"polluted": 1}, "adapter": {"use": "lora", "options": {"__proto__": {"polluted": 1}}}}',
    ],
    [
      'doppio.config.yaml',
      'model: /m\n__proto__:\n  polluted: 1\nadapter:\n  use: lora\n  options:\n    __proto__:\n      polluted: 1\n',
    ],
  ])('refuses keys that would reach a prototype in %s', async (name, text) => {
    const error = await failure({ [name]: text });
    expect(error.code).toBe('CONFIG_UNKNOWN_KEY');
    expect(error.message).toContain('__proto__: unknown key');
    expect(error.message).toContain('adapter.options.__proto__: unknown key');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('treats names of inherited properties as any other unknown key', async () => {
    const error = await failure({
      'doppio.config.json': '{"model": "/m", "constructor": 1, "training": {"toString": 1}}',
    });
    expect(error.message).toContain('constructor: unknown key');
    expect(error.message).toContain('training.toString: unknown key');
  });
});

describe('describeConfig', () => {
  it('prints every leaf with its source', async () => {
    const { config, provenance } = await load(
      {
        'doppio.config.mjs': `export default { model: '/m', rewards: [{ id: 'own', score: () => [] }], stop: undefined };`,
      },
      {
        set: ['training.sampling.stopStrings=["</answer>"]'],
        overrides: [{ flag: '--seed', key: 'seed', value: 3 }],
      },
    );
    const text = describeConfig(config, provenance);
    expect(text).toMatch(/^seed = 3 +# --seed$/m);
    expect(text).toMatch(/^model = "\/m" +# file:.*doppio\.config\.mjs model$/m);
    expect(text).toMatch(/^rewards\[0\]\.use = "<own>" +# file:.* rewards\[0\]$/m);
    expect(text).toMatch(/^training\.steps = 100 +# default$/m);
    expect(text).toMatch(/^training\.sampling\.stopStrings\[0\] = "<\/answer>" +# --set$/m);
    expect(text).toMatch(/^trackers = \[\] +# default$/m);
    const entries = configEntries(config, provenance);
    expect(JSON.parse(JSON.stringify(entries))).toEqual(entries);
    expect(entries.map(({ key }) => key)).toEqual(Object.keys(provenance));
  });
});

describe('places', () => {
  const places = async (name: string, text: string): Promise<string> => {
    const error = await failure({ [name]: text });
    expect(error.code).toBe('CONFIG_UNKNOWN_KEY');
    return error.message;
  };

  it('names file and line of what is wrong in JSON and YAML', async () => {
    const json =
      '{\n  "model": "m",\n  "training": {\n    "stpes": 3 },\n  "rewards": ["a",\n    { "wieght": 2 }]\n}\n';
    const inJson = await places('doppio.config.json', json);
    expect(inJson).toMatch(
      /training\.stpes: .*did you mean training\.steps\? \[file:.*config\.json:4 training\.stpes\]/,
    );
    expect(inJson).toMatch(/\[file:.*config\.json:6 rewards\[1\]\.wieght\]/);
    const yaml = '# a run\nmodel: m\ntraining: &t\n  stpes: 3\nrewards:\n  - a\n  - wieght: 2\n';
    const inYaml = await places('doppio.config.yaml', yaml);
    expect(inYaml).toMatch(/\[file:.*config\.yaml:4 training\.stpes\]/);
    expect(inYaml).toMatch(/\[file:.*config\.yaml:7 rewards\[1\]\.wieght\]/);
  });

  it.each([
    ['doppio.config.mjs', 'const a = 1;\nexport default { model: ', 2],
    ['doppio.config.ts', 'const a: number = 1;\nexport default { model: ', 2],
    ['doppio.config.ts', 'const a: any = undefined;\n\nexport default { model: a.b.c };', 3],
    ['doppio.config.mjs', 'export default () => {\n  throw new Error("no such host");\n};', 2],
  ])('gives the line where the code of %s fails: %j', async (name, text, line) => {
    const error = await failure({ [name]: text });
    expect(error.code).toBe('CONFIG_THREW');
    expect(error.facts.where).toMatch(new RegExp(`${name}:${String(line)}$`));
  });

  it('blames the flag where a flag is at fault', async () => {
    const error = await failure({ 'doppio.config.json': minimal }, { set: ['model.x=1'] });
    expect(error.message).toContain('and has no key to set [--set]');
  });

  it('goes with the parts to whoever checks their options', async () => {
    const text = '{"model": "m",\n "dataset": "rows",\n "rewards": [{"use": "r",\n  "options": {"a": 1}}]}';
    const { config, cwd } = await load({ 'doppio.config.json': text }, { set: ['sampler.options.x=1'] });
    const file = join(cwd, 'doppio.config.json');
    // As commands do that change a few keys of what was loaded.
    const changed = { ...config, out: 'elsewhere' };
    const { rewards, sampler, policy } = changed;
    expect(originOf(rewards[0] as object, ['options', 'a'])).toBe(`file:${file}:4 rewards[0].options.a`);
    expect(originOf(rewards[0] as object, ['use'])).toBe(`file:${file}:3 rewards[0].use`);
    expect(originOf(sampler, ['options', 'x'])).toBe('--set');
    expect(originOf(policy, ['use'])).toBeUndefined();
    expect(originOf(config.dataset as object, ['use'])).toBe(`file:${file}:2 dataset.use`);
  });
});

describe('hostile and clumsy files', () => {
  it('reads a text of many megabytes, escapes and all', async () => {
    const long = `${'a'.repeat(5_000_000)}${'\\n'.repeat(1_000_000)}`;
    const { config } = await load({ 'doppio.config.json': `{"model": "/${long}"}` });
    expect(config.model).toHaveLength(6_000_001);
  });

  it('takes no instance of a class, whose paths would not be relative to the file', async () => {
    const error = await failure({ 'doppio.config.mjs': 'class C { model = "./m" } export default new C();' });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', facts: { seen: 'an instance of C' } });
  });

  it.each(['mjs', 'ts'])('tells a module (%s) without a default export from an empty file', async (kind) => {
    const error = await failure({ [`doppio.config.${kind}`]: 'export const config = { model: "m" };' });
    expect(error).toMatchObject({
      code: 'CONFIG_EMPTY',
      facts: { what: expect.stringContaining('exports nothing') as string },
    });
  });

  it.each([
    'export default new Promise(() => { globalThis.asked = true; });',
    'export default () => new Promise(() => { globalThis.asked = true; });',
    'globalThis.asked = true; await new Promise(() => {}); export default {};',
  ])('gives up on what never settles: %s', async (text) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const failed = failure({ 'doppio.config.mjs': text });
      while (!('asked' in globalThis)) await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(60_000);
      expect((await failed).message).toMatch(/CONFIG_THREW[^]* is still waiting for something after 60 s/);
    } finally {
      vi.useRealTimers();
      Reflect.deleteProperty(globalThis, 'asked');
    }
  });
});
