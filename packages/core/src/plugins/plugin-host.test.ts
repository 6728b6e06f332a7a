import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Dataset, Reward, Tracker } from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';
import { definePlugin, type PartContext, type Plugin } from './define-plugin.js';
import { PluginHost } from './plugin-host.js';

const context: PartContext = {
  seed: 1,
  model: '/model',
  signal: new AbortController().signal,
  get: () => Promise.reject(new Error('nothing to get')),
};

const LengthOptions = z.strictObject({
  maxLength: z.int().positive().default(10).describe('Longest completion that is rewarded, tokens'),
  shape: z.strictObject({ slope: z.number() }).optional(),
});

const rewards = definePlugin({
  id: 'some-rewards',
  api: 1,
  register({ contribute }) {
    contribute(Reward, {
      id: 'length',
      description: 'Rewards short completions',
      options: LengthOptions,
      create: ({ maxLength }) => ({
        id: 'length',
        score: ({ completions }) => completions.map(({ ids }) => (ids.length <= maxLength ? 1 : 0)),
      }),
    });
    contribute(Reward, {
      id: 'constant',
      description: 'The same for all',
      options: z.object({ value: z.number().default(0) }),
      create: ({ value }) => ({ id: 'constant', score: ({ completions }) => completions.map(() => value) }),
    });
  },
});

function hostWith(...plugins: readonly Plugin[]): PluginHost {
  const host = new PluginHost();
  for (const plugin of plugins) host.add(plugin);
  return host;
}

function claiming(id: string, part: string): Plugin {
  return definePlugin({
    id,
    api: 1,
    register({ contribute }) {
      contribute(Tracker, {
        id: part,
        description: '',
        options: z.strictObject({}),
        create: () => ({ id: part, onEvent: () => undefined }),
      });
    },
  });
}

async function failure(work: Promise<unknown>): Promise<DoppioError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!DoppioError.is(error)) throw new Error(`expected a DoppioError, got ${String(error)}`);
  return error;
}

function thrown(work: () => unknown): DoppioError {
  try {
    work();
  } catch (error) {
    if (DoppioError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('PluginHost.add', () => {
  it('keeps parts by contract, and takes the same plugin once', () => {
    const host = hostWith(rewards, rewards);
    expect(host.plugins).toEqual(['some-rewards']);
    expect(host.parts(Reward).map(({ definition }) => definition.id)).toEqual(['length', 'constant']);
    expect(host.parts(Dataset)).toEqual([]);
  });

  it('names both versions when the contracts are of another one', () => {
    const error = thrown(() => hostWith({ ...rewards, api: 2 } as unknown as Plugin));
    expect(error.code).toBe('PLUGIN_INVALID');
    expect(error.message).toContain('the plugin has api 2, this @doppio/core has api 1');
    expect(error.message).toContain('Update @doppio/core');
  });

  it.each([
    ['nothing', undefined, 'no default export'],
    ['a function', () => undefined, 'a function'],
    ['no id', { api: 1, register: () => undefined }, 'id nothing'],
    ['no register', { id: 'x', api: 1 }, 'register nothing'],
  ])('refuses %s', (_, value, text) => {
    const error = thrown(() => hostWith(value as unknown as Plugin));
    expect(error.code).toBe('PLUGIN_INVALID');
    expect(error.message).toContain(text);
  });

  it('reports a register that throws, with its cause, and keeps none of its parts', () => {
    const host = new PluginHost();
    const cause = new TypeError('boom');
    const plugin: Plugin = {
      id: 'bad',
      api: 1,
      register(registry) {
        rewards.register(registry);
        throw cause;
      },
    };
    const error = thrown(() => host.add(plugin));
    expect(error.message).toContain('Plugin "bad" failed while it registered its parts');
    expect(error.cause).toBe(cause);
    expect(host.parts(Reward)).toEqual([]);
  });

  it('refuses an asynchronous register', () => {
    const plugin = {
      id: 'slow',
      api: 1,
      register: async () => Promise.reject(new Error('late')),
    } as unknown as Plugin;
    expect(thrown(() => hostWith(plugin)).message).toContain('`register` returned a promise');
  });

  it('refuses a contribution after register has returned', () => {
    let late: (() => void) | undefined;
    const host = hostWith({
      id: 'late',
      api: 1,
      register: (registry) => {
        late = () => rewards.register(registry);
      },
    });
    const error = thrown(() => late?.());
    expect(error.code).toBe('PLUGIN_INVALID');
    expect(error.message).toContain('after its `register` had returned');
    expect(host.parts(Reward)).toEqual([]);
  });

  it('names everything that an incomplete part lacks', () => {
    const plugin: Plugin = {
      id: 'partial',
      api: 1,
      register: ({ contribute }) =>
        contribute(Reward, { id: 'r', description: 'x', options: { parse: () => 1 } } as never),
    };
    const { message } = thrown(() => hostWith(plugin));
    expect(message).toContain('"r" lacks `create`, `options`, a schema of zod 4');
  });
});

describe('ids', () => {
  it.each(['', ' ', 'a b', '-a', '#a', 'a#2', 'x\n\u001b[31m', '__proto__', 'constructor', 'x'.repeat(201)])(
    'of parts and plugins cannot be %j',
    (id) => {
      for (const plugin of [claiming(id, 'console'), claiming('plugin', id)])
        expect(thrown(() => new PluginHost().add(plugin)).code).toBe('PLUGIN_INVALID');
    },
  );

  it.each(['a', '@scope/name', 'math-verify', 'v1.2', 'a/b:c+d', '4_bit'])('can be %j', (id) => {
    expect(hostWith(claiming(id, id)).plugins).toEqual([id]);
  });

  it('of plugins are unique, and both places are named beside all else that is missing', async () => {
    const host = hostWith(rewards);
    host.add(claiming('some-rewards', 'console'), '/elsewhere/index.js');
    const error = await failure(host.prepare([{ token: Dataset, path: 'dataset', use: 'gsm8k' }]));
    expect(error.code).toBe('PARTS_UNRESOLVED');
    expect(error.message).toContain(
      'Plugin "some-rewards" is there 2 times: from plugin some-rewards and /elsewhere/index.js.',
    );
    expect(error.message).toContain('no Dataset "gsm8k"');
  });
});

describe('PluginHost.prepare', () => {
  it.each([undefined, null, 42, {}, { id: 'odd' }, { score: () => [] }, { id: '', score: () => [] }])(
    'does not take %j for a reward that a plugin created',
    async (value) => {
      const odd = definePlugin({
        id: 'odd',
        api: 1,
        register({ contribute }) {
          const part = { id: 'odd', description: '', options: z.strictObject({}) };
          contribute(Reward, { ...part, create: () => value as unknown as Reward });
        },
      });
      const [part] = await hostWith(odd).prepare([{ token: Reward, path: 'rewards[0]', use: 'odd' }]);
      const error = await failure(Promise.resolve(part?.create(context)));
      expect(error.code).toBe('PART_FAILED');
      expect(error.message).toMatch(/Reward "odd" \(rewards\[0\]\).*no Reward/);
      expect(error.message).toContain('function `score`');
    },
  );

  it('reports a schema that throws as a matter of these options', async () => {
    const schema = z.strictObject({
      n: z.number().transform((n) => {
        if (n > 0) throw new RangeError('not today');
        return n;
      }),
    });
    const odd = definePlugin({
      id: 'odd',
      api: 1,
      register({ contribute }) {
        const create = (): Reward => ({ id: 'odd', score: () => [] });
        contribute(Reward, { id: 'odd', description: '', options: schema, create });
      },
    });
    const request = { token: Reward, path: 'rewards[0]', use: 'odd', options: { n: 1 } };
    const error = await failure(hostWith(odd).prepare([request]));
    expect(error.code).toBe('OPTIONS_INVALID');
    expect(error.message).toMatch(/Reward "odd" \(rewards\[0\]\) failed[^]*not today/);
  });

  it('creates the part with its checked options and defaults', async () => {
    const host = hostWith(rewards);
    const [part] = await host.prepare([
      { token: Reward, path: 'rewards[0]', use: 'length', options: { maxLength: 2 } },
    ]);
    const reward = (await part?.create(context)) as Reward;
    const completion = { text: '', finishReason: 'stop' as const };
    const group = {
      row: {},
      messages: [],
      step: 0,
      completions: [2, 3].map((n) => ({ ...completion, ids: new Int32Array(n) })),
    };
    expect(await reward.score(group, context.signal)).toEqual([1, 0]);
    expect(part).toMatchObject({ label: 'Reward "length" (rewards[0])', given: false });
  });

  it('passes an object on as it is', async () => {
    const own: Reward = { id: 'own', score: () => [] };
    const [part] = await new PluginHost().prepare([{ token: Reward, path: 'rewards[0]', use: own }]);
    expect(part?.create(context)).toBe(own);
    expect(part?.given).toBe(true);
  });

  it('reports every unknown part and every duplicate at once', async () => {
    const host = hostWith(rewards, claiming('first', 'console'), claiming('second', 'console'));
    const error = await failure(
      host.prepare([
        { token: Reward, path: 'rewards[0]', use: 'lenght' },
        { token: Reward, path: 'rewards[1]', use: 'constant' },
        { token: Dataset, path: 'dataset', use: 'gsm8k' },
        { token: Dataset, path: 'dataset', use: 'length' },
      ]),
    );
    expect(error.code).toBe('PARTS_UNRESOLVED');
    expect(error.message).toContain('4 parts cannot be resolved');
    expect(error.message).toContain('Tracker "console" is contributed 2 times: by first and second.');
    expect(error.message).toContain(
      'rewards[0]: no Reward "lenght". Did you mean "length"? Available: constant, length.',
    );
    expect(error.message).toContain('dataset: no Dataset "gsm8k". There are none.');
    expect(error.message).toContain('dataset: no Dataset "length" (there is a Reward of that id)');
    expect(error.message).not.toContain('rewards[1]');
  });

  it('lists what is available where no name is near', async () => {
    const error = await failure(
      hostWith(rewards).prepare([{ token: Reward, path: 'rewards[0]', use: 'accuracy' }]),
    );
    expect(error.message).toContain('Available: constant, length.');
  });

  it('reports every wrong option of every part, by path', async () => {
    const error = await failure(
      hostWith(rewards).prepare([
        {
          token: Reward,
          path: 'rewards[0]',
          use: 'length',
          options: { maxLenght: 3, shape: { slope: 'steep' } },
        },
        { token: Reward, path: 'rewards[1]', use: 'length', options: { maxLength: -1 } },
      ]),
    );
    expect(error.code).toBe('OPTIONS_INVALID');
    expect(error.message).toContain('3 options of parts are wrong');
    expect(error.message).toContain('rewards[0].options.maxLenght: unknown key; did you mean maxLength?');
    expect(error.message).toContain('rewards[0].options.shape.slope: expected number, seen "steep" (string)');
    expect(error.message).toContain(
      'rewards[1].options.maxLength: expected number to be >0, seen -1 (number)',
    );
    expect(error.facts.where).toBe('Reward "length" (rewards[0]), Reward "length" (rewards[1])');
  });

  it('reports unknown options also where the schema would drop them', async () => {
    const error = await failure(
      hostWith(rewards).prepare([
        { token: Reward, path: 'rewards[0]', use: 'constant', options: { vaule: 1 } },
      ]),
    );
    expect(error.message).toContain('rewards[0].options.vaule: unknown key; did you mean value?');
  });

  it('refuses options that are no object', async () => {
    const error = await failure(
      hostWith(rewards).prepare([{ token: Reward, path: 'rewards[0]', use: 'length', options: 5 }]),
    );
    expect(error.message).toContain('rewards[0].options: expected object, seen 5 (number)');
  });
});

describe('PluginHost.describe', () => {
  it('gives each part with the JSON schema of its options', () => {
    const described = hostWith(rewards, claiming('trackers', 'console')).describe();
    expect(described.map(({ contract, id, plugin }) => `${contract}/${id} of ${plugin}`)).toEqual([
      'Reward/constant of some-rewards',
      'Reward/length of some-rewards',
      'Tracker/console of trackers',
    ]);
    expect(described[1]?.options.properties?.['maxLength']).toMatchObject({
      type: 'integer',
      default: 10,
      description: 'Longest completion that is rewarded, tokens',
    });
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  });

  it('survives a schema that has no JSON form', () => {
    const odd = definePlugin({
      id: 'odd',
      api: 1,
      register: ({ contribute }) =>
        contribute(Tracker, {
          id: 'odd',
          description: '',
          options: z.strictObject({
            when: z.date().optional(),
            on: z.custom<() => void>().optional(),
            n: z.string().transform(Number),
          }),
          create: () => ({ id: 'odd', onEvent: () => undefined }),
        }),
    });
    expect(Object.keys(hostWith(odd).describe()[0]?.options.properties ?? {})).toEqual(['when', 'on', 'n']);
  });
});
