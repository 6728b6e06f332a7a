import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hostWith, thing, compose, failure } from '../../test/made-parts.js';
import {
  AdapterFactory,
  createToken,
  Optimizer,
  Policy,
  Reward,
  Sampler,
  Tracker,
} from '../contracts/index.js';
import { EventBus } from '../events/event-bus.js';
import { provide } from './service.js';
import type { PluginHost } from '../plugins/plugin-host.js';

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
