import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { base, hostOf, hostWith, thing, compose, failure } from '../../test/made-parts.js';
import {
  AdapterFactory,
  Benchmark,
  CheckpointStore,
  Dataset,
  Policy,
  Reward,
  Tracker,
} from '../contracts/index.js';
import { type PartContext } from '../plugins/define-plugin.js';
import { provide, RunFacts } from './service.js';

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
