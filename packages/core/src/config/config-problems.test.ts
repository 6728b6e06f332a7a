import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { configFolders, minimal } from '../../test/config-folders.js';
import { originOf } from './origins.js';

const { load, failure } = configFolders();

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
