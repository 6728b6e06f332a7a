import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hostWith, thing, compose, failure } from '../../test/made-parts.js';
import {
  AdapterFactory,
  AnswerVerifier,
  createToken,
  Dataset,
  Policy,
  Reward,
  Sampler,
} from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';

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
