import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { slots } from '../config/slots.js';
import { ConfigSchema, type DoppioConfig, type ResolvedConfig } from '../config/schema.js';
import {
  AdapterFactory,
  AnswerVerifier,
  Benchmark,
  CheckpointStore,
  createToken,
  Dataset,
  Optimizer,
  Policy,
  Reward,
  Sampler,
  Tracker,
  type Token,
} from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';
import { EventBus } from '../events/event-bus.js';
import { definePlugin, type PartContext } from '../plugins/define-plugin.js';
import { PluginHost } from '../plugins/plugin-host.js';
import { composeRun, type ComposeOptions, type Composition } from './compose-run.js';
import { provide, RunFacts } from './service.js';

type Create = (context: PartContext, options: Readonly<Record<string, unknown>>) => unknown;

/** A host whose parts are made by the given functions: `[token, id, create]`. */
function hostOf(...parts: readonly (readonly [Token<unknown>, string, Create])[]): PluginHost {
  const host = new PluginHost();
  host.add(
    definePlugin({
      id: 'test-parts',
      api: 1,
      register({ contribute }) {
        for (const [token, id, create] of parts) {
          contribute(token, {
            id,
            description: id,
            options: z.looseObject({}),
            create: (options, context) => create(context, options),
          });
        }
      },
    }),
  );
  return host;
}

/** A named thing with the one function of each contract that composition looks at, and nothing else of it. */
const methods = Object.fromEntries(Object.values(slots).map(({ method }) => [method, () => undefined]));
const thing = (name: string, more: object = {}) => ({ id: name, ...methods, ...more });
const base = [
  [Policy, 'onnx', () => thing('policy')],
  [AdapterFactory, 'lora', () => thing('adapter')],
  [Sampler, 'onnx', () => thing('sampler')],
  [Optimizer, 'grpo', () => thing('optimizer')],
] as const satisfies readonly (readonly [Token<unknown>, string, Create])[];

function hostWith(...parts: readonly (readonly [Token<unknown>, string, Create])[]): PluginHost {
  const replaced = new Set(parts.map(([token, id]) => `${token.description}/${id}`));
  return hostOf(...base.filter(([token, id]) => !replaced.has(`${token.description}/${id}`)), ...parts);
}

function config(written: DoppioConfig = {}): ResolvedConfig {
  return ConfigSchema.parse({ model: '/models/m', seed: 7, ...written });
}

function compose(
  host: PluginHost,
  written: DoppioConfig = {},
  options: ComposeOptions = {},
): Promise<Composition> {
  return composeRun(host, config(written), options);
}

async function failure(work: Promise<unknown>): Promise<DoppioError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!DoppioError.is(error)) throw new Error(`expected a DoppioError, got ${String(error)}`);
  return error;
}

describe('composeRun', () => {
  it('creates a part once, when it is first asked for, with the facts of the run', async () => {
    const contexts: PartContext[] = [];
    const host = hostWith([Policy, 'onnx', (context) => (contexts.push(context), thing('policy'))]);
    const { signal } = new AbortController();
    const composition = await compose(host, {}, { signal });
    expect(contexts).toHaveLength(0);
    const [first, second] = await Promise.all([composition.get(Policy), composition.get(Policy)]);
    expect(first).toBe(second);
    expect(contexts).toHaveLength(1);
    expect(contexts[0]).toMatchObject({ seed: 7, model: '/models/m', signal });
    expect(await composition.get(RunFacts)).toEqual({ seed: 7, model: '/models/m', signal });
  });

  it('lets parts get each other, and gives all the same ones', async () => {
    const host = hostWith([
      Policy,
      'onnx',
      async ({ get }) => thing('policy', { adapter: await get(AdapterFactory) }),
    ]);
    const composition = await compose(host);
    const policy = (await composition.get(Policy)) as unknown as { adapter: unknown };
    expect(policy.adapter).toBe(await composition.get(AdapterFactory));
  });

  it('passes options, and keeps rewards in order with weight and deadline, however long each takes', async () => {
    const host = hostWith(
      [Reward, 'slow', async (_, { name }) => (await sleep(15), thing(String(name)))],
      [Reward, 'fast', () => thing('fast')],
    );
    const composition = await compose(host, {
      rewards: [
        { use: 'slow', weight: 0.5, options: { name: 'a' } },
        'fast',
        { use: 'slow', deadlineSeconds: 5, options: { name: 'b' } },
      ],
    });
    const rewards = await composition.rewards();
    expect(
      rewards.map(({ reward, weight, deadlineSeconds }) => [reward.id, weight, deadlineSeconds]),
    ).toEqual([
      ['a', 0.5, 60],
      ['fast', 1, 60],
      ['b', 1, 5],
    ]);
    expect((await composition.getAll(Reward)).map(({ id }) => id)).toEqual(['a', 'fast', 'b']);
    expect(await composition.getAll(Tracker)).toEqual([]);
  });

  it('takes objects wherever an id may stand', async () => {
    const reward: Reward = { id: 'inline', score: () => [] };
    const tracker: Tracker = { id: 'list', onEvent: () => undefined };
    const composition = await compose(hostWith(), {
      rewards: [reward, { use: reward, weight: 3 }],
      trackers: [tracker],
    });
    expect((await composition.rewards()).map(({ weight }) => weight)).toEqual([1, 3]);
    expect(await composition.getAll(Reward)).toEqual([reward, reward]);
    expect(await composition.get(Tracker)).toBe(tracker);
  });

  it('does not ask for the default adapter where the policy is an object and nobody has it', async () => {
    const policy = { id: 'own', accumulate: () => undefined } as unknown as Policy;
    const host = hostOf(...base.filter(([token]) => token.description !== 'Adapter'));
    const composition = await compose(host, { policy });
    expect(await composition.get(Policy)).toBe(policy);
    expect((await failure(compose(host, {}))).code).toBe('PARTS_UNRESOLVED');
    expect((await failure(compose(host, { policy, adapter: 'dora' }))).message).toContain(
      'adapter: no Adapter "dora"',
    );
  });

  it('reports every unknown part before any is created', async () => {
    let created = 0;
    const host = hostWith([Policy, 'onnx', () => thing(`policy ${++created}`)]);
    const error = await failure(compose(host, { sampler: 'onxx', benchmarks: ['aime'] }));
    expect(error.code).toBe('PARTS_UNRESOLVED');
    expect(error.message).toContain('sampler: no Sampler "onxx". Did you mean "onnx"?');
    expect(error.message).toContain('benchmarks[0]: no Benchmark "aime"');
    expect(created).toBe(0);
  });

  it('gathers what training needs, and says what is missing', async () => {
    const store = thing('store') as unknown as CheckpointStore;
    const host = hostWith(
      [Dataset, 'rows', () => thing('rows')],
      [Reward, 'r', () => thing('r')],
      [Benchmark, 'b', () => thing('b')],
    );
    const services = [provide(CheckpointStore, () => store)];
    const written = { dataset: 'rows', rewards: ['r'], benchmarks: ['b'] };
    const parts = await (await compose(host, written, { services })).trainingParts();
    expect(parts.checkpoints).toBe(store);
    expect([parts.dataset.id, parts.policy.id, parts.sampler.id, parts.optimizer.id]).toEqual([
      'rows',
      'policy',
      'sampler',
      'optimizer',
    ]);
    expect(parts.benchmarks.map(({ id }) => id)).toEqual(['b']);
    const noDataset = await failure((await compose(host, { rewards: ['r'] }, { services })).trainingParts());
    expect(noDataset).toMatchObject({ code: 'PART_MISSING', facts: { where: 'dataset' } });
    const noReward = await failure((await compose(host, { dataset: 'rows' }, { services })).trainingParts());
    expect(noReward).toMatchObject({ code: 'PART_MISSING', facts: { where: 'rewards' } });
    expect((await failure((await compose(host, written)).trainingParts())).message).toContain(
      'needs a CheckpointStore',
    );
    const nothing = await failure((await compose(host)).trainingParts());
    expect(nothing.message).toContain('needs a Dataset and a Reward and a CheckpointStore');
    expect(nothing.facts.where).toBe('dataset, rewards, CheckpointStore');
  });
});

describe('requests between parts', () => {
  it('find the verifier that the configuration names, and say where to name one', async () => {
    const host = hostWith(
      [AnswerVerifier, 'exact', () => thing('exact')],
      [Reward, 'judge', async ({ get }) => thing('judge', { verifier: await get(AnswerVerifier) })],
    );
    const composition = await compose(host, { rewards: ['judge'], verifier: 'exact' });
    const [judge] = await composition.getAll(Reward);
    expect(judge).toMatchObject({ verifier: { id: 'exact' } });
    const none = await compose(host, { rewards: ['judge'] });
    expect(await failure(none.getAll(Reward))).toMatchObject({
      code: 'PART_MISSING',
      facts: { where: 'verifier', fix: expect.stringContaining('under `verifier`') as string },
    });
  });

  it('names both sides of a missing one', async () => {
    const host = hostWith([Sampler, 'onnx', ({ get }) => get(Dataset)]);
    const error = await failure((await compose(host)).get(Sampler));
    expect(error.code).toBe('PART_MISSING');
    expect(error.message).toContain('Sampler "onnx" (sampler) needs a Dataset, and there is none.');
    expect(error.message).toContain('under `dataset`');
    const Clock = createToken<object>('Clock');
    expect((await failure((await compose(host)).get(Clock))).message).toContain(
      'Provide a Clock where the run is composed',
    );
  });

  it('refuses to pick one of several', async () => {
    const host = hostWith(
      [Reward, 'a', () => thing('a')],
      [Reward, 'b', () => thing('b')],
      [Policy, 'onnx', ({ get }) => get(Reward)],
    );
    const error = await failure((await compose(host, { rewards: ['a', 'b'] })).get(Policy));
    expect(error.code).toBe('PART_AMBIGUOUS');
    expect(error.message).toContain('Policy "onnx" (policy) needs one Reward, and there are 2');
    expect(error.message).toContain('Reward "a" (rewards[0]), Reward "b" (rewards[1])');
  });

  it('prints a circle', async () => {
    const host = hostWith(
      [Policy, 'onnx', ({ get }) => get(AdapterFactory)],
      [AdapterFactory, 'lora', ({ get }) => get(Sampler)],
      [Sampler, 'onnx', ({ get }) => get(Policy)],
    );
    const error = await failure((await compose(host)).get(Policy));
    expect(error.code).toBe('PART_CYCLE');
    expect(error.facts.seen).toBe(
      'Sampler "onnx" (sampler) -> Policy "onnx" (policy) -> Adapter "lora" (adapter) -> Sampler "onnx" (sampler)',
    );
  });

  it('finds a part that needs itself', async () => {
    const host = hostWith([Policy, 'onnx', ({ get }) => get(Policy)]);
    expect((await failure((await compose(host)).get(Policy))).facts.seen).toBe(
      'Policy "onnx" (policy) -> Policy "onnx" (policy)',
    );
  });

  it('finds a circle of parts that were asked for at the same time', async () => {
    const host = hostWith(
      [Policy, 'onnx', async ({ get }) => (await sleep(5), get(Sampler))],
      [Sampler, 'onnx', async ({ get }) => (await sleep(5), get(Policy))],
    );
    const composition = await compose(host);
    const errors = await Promise.all([failure(composition.get(Policy)), failure(composition.get(Sampler))]);
    expect(errors.map(({ code }) => code)).toEqual(['PART_CYCLE', 'PART_CYCLE']);
  }, 2_000);

  it('does not take two users of one part for a circle', async () => {
    const host = hostWith(
      [AdapterFactory, 'lora', async () => (await sleep(5), thing('adapter'))],
      [
        Policy,
        'onnx',
        async ({ get }) =>
          thing('policy', { adapter: await get(AdapterFactory), sampler: await get(Sampler) }),
      ],
      [Sampler, 'onnx', async ({ get }) => thing('sampler', { adapter: await get(AdapterFactory) })],
    );
    const composition = await compose(host);
    const [policy, sampler] = (await Promise.all([
      composition.get(Policy),
      composition.get(Sampler),
    ])) as unknown as [{ sampler: unknown }, unknown];
    expect(policy.sampler).toBe(sampler);
  });

  it('wraps what a part throws, once, and does not try again', async () => {
    let tries = 0;
    const cause = new RangeError('no memory');
    const host = hostWith([
      Policy,
      'onnx',
      () => {
        tries++;
        throw cause;
      },
    ]);
    const composition = await compose(host);
    const error = await failure(composition.get(Policy));
    expect(error).toMatchObject({ code: 'PART_FAILED', cause });
    expect(error.message).toContain('Policy "onnx" (policy) could not be created');
    expect((await failure(composition.get(Policy))).code).toBe('PART_FAILED');
    expect(tries).toBe(1);
  });

  it('passes on errors of our own family as they are', async () => {
    const own = new DoppioError('MODEL_MISSING', { what: 'There is no model.' });
    const host = hostWith([Policy, 'onnx', () => Promise.reject(own)]);
    expect(await failure((await compose(host)).get(Policy))).toBe(own);
  });
});

describe('disposal', () => {
  /** Parts that write into `log` when they are released, each in its own way. */
  function releasing(log: string[], failing: readonly string[] = []): PluginHost {
    const note = (name: string) => () => {
      log.push(name);
      if (failing.includes(name)) throw new Error(`${name} is stuck`);
    };
    return hostWith(
      [AdapterFactory, 'lora', () => thing('adapter', { close: note('adapter') })],
      [
        Policy,
        'onnx',
        async ({ get }) => (
          await get(AdapterFactory),
          thing('policy', {
            [Symbol.asyncDispose]: async () => (await sleep(2), note('policy')()),
            close: note('wrong'),
          })
        ),
      ],
      [Sampler, 'onnx', () => thing('sampler', { [Symbol.dispose]: note('sampler') })],
      [Optimizer, 'grpo', () => thing('optimizer', { close: note('optimizer') })],
    );
  }

  it('releases what was created, and only that, in reverse order', async () => {
    const log: string[] = [];
    const composition = await compose(releasing(log));
    await composition.get(Sampler);
    await composition.get(Policy);
    await composition.dispose();
    expect(log).toEqual(['policy', 'adapter', 'sampler']);
    await composition.dispose();
    expect(log).toHaveLength(3);
  });

  it('works with `await using` semantics', async () => {
    const log: string[] = [];
    const composition = await compose(releasing(log));
    await composition.get(Optimizer);
    await composition[Symbol.asyncDispose]();
    expect(log).toEqual(['optimizer']);
  });

  it('goes on when releases fail, and names all that did', async () => {
    const log: string[] = [];
    const composition = await compose(releasing(log, ['policy', 'sampler']));
    await composition.get(Sampler);
    await composition.get(Policy);
    const error = await failure(composition.dispose());
    expect(log).toEqual(['policy', 'adapter', 'sampler']);
    expect(error.code).toBe('DISPOSE_FAILED');
    expect(error.facts).toMatchObject({
      where: 'Policy "onnx" (policy), Sampler "onnx" (sampler)',
      seen: 'policy is stuck; sampler is stuck',
    });
    expect((error.cause as AggregateError).errors).toHaveLength(2);
  });

  it('leaves objects that were given to their owner', async () => {
    let closed = 0;
    const tracker: Tracker = { id: 't', onEvent: () => undefined, close: () => void closed++ };
    const composition = await compose(hostWith(), { trackers: [tracker] });
    await composition.get(Tracker);
    await composition.dispose();
    expect(closed).toBe(0);
  });

  it('releases a value once that two parts share', async () => {
    let closed = 0;
    const shared = thing('shared', { close: () => void closed++ });
    const composition = await compose(
      hostWith([Policy, 'onnx', () => shared], [Sampler, 'onnx', () => shared]),
    );
    await Promise.all([composition.get(Policy), composition.get(Sampler)]);
    await composition.dispose();
    expect(closed).toBe(1);
  });

  it('waits for parts that are still being created, and releases them too', async () => {
    const log: string[] = [];
    const host = hostWith([
      Policy,
      'onnx',
      async () => (await sleep(10), thing('policy', { close: () => log.push('policy') })),
    ]);
    const composition = await compose(host);
    const policy = composition.get(Policy);
    await composition.dispose();
    expect(log).toEqual(['policy']);
    expect((await policy).id).toBe('policy');
  });

  it('gives nothing afterwards', async () => {
    const composition = await compose(hostWith());
    await composition.dispose();
    expect((await failure(composition.get(Policy))).code).toBe('COMPOSITION_DISPOSED');
    expect((await failure(composition.getAll(Reward))).code).toBe('COMPOSITION_DISPOSED');
  });

  it('closes a tracker once, also where the event bus has done so', async () => {
    let closes = 0;
    const host = hostWith([Tracker, 't', () => thing('t', { close: () => void (closes += 1) })]);
    const composition = await compose(host, { trackers: ['t'] });
    await new EventBus(await composition.getAll(Tracker)).close();
    await composition.dispose();
    expect(closes).toBe(1);
    // Without a bus it is the composition's to close.
    const another = await compose(host, { trackers: ['t'] });
    await another.getAll(Tracker);
    await another.dispose();
    expect(closes).toBe(2);
  });

  it('releases services it made', async () => {
    const log: string[] = [];
    const Clock = createToken<object>('TestClock');
    const host = hostWith([Policy, 'onnx', async ({ get }) => thing('policy', { clock: await get(Clock) })]);
    const composition = await compose(
      host,
      {},
      { services: [provide(Clock, () => ({ close: () => log.push('clock') }))] },
    );
    await composition.get(Policy);
    await composition.dispose();
    expect(log).toEqual(['clock']);
  });
});
