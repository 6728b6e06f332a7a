import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoppioError, type Adapter, type SamplePrompt, type SamplingParameters } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import type { ModelWeights } from '@doppio/models';
import {
  difference,
  idsOf,
  loadTiny,
  makePrompt,
  makeSampler,
  request,
  targetOf,
  type TinySampler,
} from '../test/tiny-sampler.js';
import { createOnnxSampler, createSamplerSessions, type OnnxSamplerOptions } from './onnx-sampler.js';
import { Shared } from './shared.js';

const prompt = makePrompt(4, 0, 3);
const parameters: SamplingParameters = { maxTokens: 12, stopIds: [] };

describe('the sampler', () => {
  let weights: ModelWeights;
  let tiny: TinySampler;
  let reference: number[][][];
  beforeAll(async () => {
    weights = await loadTiny('tiny-qwen2');
    tiny = await makeSampler(weights);
    reference = idsOf(await tiny.sampler.sample(request([prompt], parameters)));
  });
  afterAll(async () => {
    await tiny[Symbol.asyncDispose]();
  });

  const live = async (): Promise<number> => (await tiny.sessions.host.statistics()).liveRefs;
  const loadSeconds = async (): Promise<number> =>
    Object.values((await tiny.sessions.host.statistics()).sessions).reduce(
      (sum, s) => sum + s.loadSeconds,
      0,
    );
  const adapterOf = (seed: number, of = weights): Adapter => {
    const adapter = new LoraAdapterFactory({ rank: 4 }).create(targetOf(of), seed);
    for (const { data, name } of adapter.parameters)
      if (name.includes('lora_B')) data.forEach((_, i) => (data[i] = 0.1 * Math.sin(i + seed)));
    return adapter;
  };

  describe('a request that cannot be sampled', () => {
    const asked = (
      wrong: Partial<SamplingParameters>,
      of: Partial<SamplePrompt> = {},
    ): Parameters<TinySampler['sampler']['sample']>[0] =>
      request([makePrompt(3, 7), { ...prompt, ...of }], { ...parameters, ...wrong });
    it.each<[string, ReturnType<typeof asked>]>([
      ['topK', asked({ topK: 2.5 })],
      ['topK', asked({ topK: -1 })],
      ['topK', asked({ topK: NaN })],
      ['topP', asked({ topP: 1.1 })],
      ['topP', asked({ topP: NaN })],
      ['minP', asked({ minP: -0.1 })],
      ['temperature', asked({ temperature: 1e-40 })],
      ['temperature', asked({ temperature: Infinity })],
      ['repetitionPenalty', asked({ repetitionPenalty: Infinity })],
      ['maxTokens', asked({ maxTokens: NaN })],
      ['stopIds', asked({ stopIds: [2, 1.5] })],
      ['stopIds', asked({ stopIds: [-1] })],
      ['stop string', asked({ stopStrings: ['so', ''] })],
      ['prompt 1: -2 samples', asked({}, { samples: -2 })],
      ['prompt 1: 1.5 samples', asked({}, { samples: 1.5 })],
      ['prompt 1: id -1', asked({}, { ids: Int32Array.of(4, -1) })],
      ['prompt 1: id 320', asked({}, { ids: Int32Array.of(4, 320) })],
      ['prompt 1: 501 [+] 12', asked({}, { ids: new Int32Array(501) })],
      ['prompt 1', asked({}, { ids: new Int32Array(0) })],
    ])('names what is wrong: %s', async (named, wrong) => {
      const before = await live();
      const error = await tiny.sampler.sample(wrong).catch((reason: unknown) => reason);
      expect(DoppioError.is(error, 'SAMPLE_REQUEST')).toBe(true);
      const { facts, message } = error as DoppioError;
      expect(message).toMatch(new RegExp(named));
      expect(facts.seen).toBeTruthy();
      expect(facts.fix).toBeTruthy();
      expect(await live()).toBe(before);
    });

    it('names a key that no random numbers have', async () => {
      const at = (index: number): Promise<unknown> =>
        tiny.sampler.sample(request([{ ...prompt, index }], parameters));
      await expect(at(-1)).rejects.toMatchObject({ code: 'RANDOM_KEY' });
      await expect(at(0.5)).rejects.toMatchObject({ code: 'RANDOM_KEY' });
      expect(await live()).toBe(2);
    });
  });

  it.each<Partial<OnnxSamplerOptions>>([
    { chunkTokens: 0 },
    { chunkTokens: 1.5 },
    { maxRows: 0 },
    { maxRows: NaN },
    { cacheMegabytes: -1 },
  ])('refuses options that would never end: %o', (options) => {
    const [name] = Object.keys(options) as [string];
    expect(() => tiny.withOptions(options)).toThrow(new RegExp(`OPTIONS_INVALID[^]*${name}`));
  });

  it('may be asked for no samples of a prompt', async () => {
    const result = await tiny.sampler.sample(request([{ ...prompt, samples: 0 }, prompt], parameters));
    expect(idsOf(result)).toEqual([[], ...reference]);
  });

  describe('at the end of the context', () => {
    const positions = 512;
    const maxTokens = 15;
    const long = makePrompt(positions - maxTokens, 0);

    it('fills it to the last position', async () => {
      const { completions } = await tiny.sampler.sample(request([long], { maxTokens, stopIds: [] }));
      expect(completions[0]?.[0]?.ids).toHaveLength(maxTokens);
      const longer = { ...long, ids: Int32Array.from([3, ...long.ids]) };
      await expect(tiny.sampler.sample(request([longer], { maxTokens }))).rejects.toMatchObject({
        code: 'SAMPLE_REQUEST',
      });
    });

    it('does not run beyond it with rows that join later', async () => {
      const [alone] = (await tiny.sampler.sample(request([long], { maxTokens, stopIds: [] }))).completions;
      const others = [1, 2, 3, 4].map((index) => makePrompt(3, index));
      const apart = await tiny.sampler.sample(request(others, { maxTokens, stopIds: [] }));
      // Ends the others after two tokens, so that new ones join while the long row is half done, and not the long row.
      const stopIds = apart.completions
        .map(([only]) => only?.ids[1] ?? -1)
        .filter((id) => id >= 0 && alone?.[0]?.ids.includes(id) === false);
      expect(stopIds.length).toBeGreaterThan(2);
      const { completions } = await tiny
        .withOptions({ maxRows: 2, chunkTokens: 12 })
        .sample(request([long, ...others], { maxTokens, stopIds }));
      expect(completions[0]?.[0]?.ids).toEqual(alone?.[0]?.ids);
      expect(difference(completions[0]?.[0]?.logProbs ?? [], alone?.[0]?.logProbs ?? [])).toBeLessThan(1e-5);
    });
  });

  describe('an adapter', () => {
    it('is swapped without building a session, and frees the one before', async () => {
      const own = tiny.withOptions({});
      await own.setAdapter(adapterOf(1));
      const first = idsOf(await own.sample(request([prompt], parameters)));
      const [seconds, refs] = [await loadSeconds(), await live()];
      await own.setAdapter(adapterOf(2));
      const second = idsOf(await own.sample(request([prompt], parameters)));
      await own.setAdapter(adapterOf(1));
      expect(idsOf(await own.sample(request([prompt], parameters)))).toEqual(first);
      expect(second).not.toEqual(first);
      expect([await loadSeconds(), await live()]).toEqual([seconds, refs]);
      await own.setAdapter(undefined);
      expect(idsOf(await own.sample(request([prompt], parameters)))).toEqual(reference);
      expect(await live()).toBe(2);
    });

    it('stays with the request that began with it', async () => {
      const own = tiny.withOptions({ chunkTokens: 2 });
      await own.setAdapter(adapterOf(1));
      const whole = idsOf(await own.sample(request([prompt], parameters)));
      let swapped: Promise<void> | undefined;
      const onProgress = (): void => {
        swapped ??= own.setAdapter(undefined);
      };
      const during = idsOf(await own.sample(request([prompt], parameters, { onProgress })));
      await swapped;
      expect(during).toEqual(whole);
      expect(idsOf(await own.sample(request([prompt], parameters)))).toEqual(reference);
      expect(await live()).toBe(2);
      await own.setAdapter(adapterOf(1));
      const begun = own.sample(request([prompt], parameters));
      await own.setAdapter(undefined);
      expect(idsOf(await begun)).toEqual(whole);
      expect(await live()).toBe(2);
    });

    it('of another model is refused by the name of what does not fit', async () => {
      const own = tiny.withOptions({});
      await own.setAdapter(adapterOf(1, await loadTiny('tiny-qwen2-tied')));
      await expect(own.sample(request([prompt], parameters))).rejects.toMatchObject({
        code: 'RUNTIME_FEED_INVALID',
        facts: { where: expect.stringContaining('k_proj') as string },
      });
      await own.setAdapter(undefined);
      expect(idsOf(await own.sample(request([prompt], parameters)))).toEqual(reference);
    });
  });

  it('samples two requests at once as it would one after the other', async () => {
    const other = makePrompt(9, 5, 2);
    const own = tiny.withOptions({ chunkTokens: 2 });
    const [a, b] = await Promise.all([
      own.sample(request([prompt], parameters)),
      own.sample(request([other], parameters)),
    ]);
    expect(idsOf(a)).toEqual(reference);
    expect(idsOf(b)).toEqual(idsOf(await own.sample(request([other], parameters))));
  });

  it.each<[string, (stop: AbortController) => void]>([
    ['a signal', (stop) => stop.abort(new Error('enough'))],
    [
      'a listener that throws',
      () => {
        throw new Error('enough');
      },
    ],
  ])('stops for %s and leaves nothing behind', async (_, interrupt) => {
    for (const listener of ['onProgress', 'onTokens'] as const) {
      const stop = new AbortController();
      let calls = 0;
      const listen = (): void => {
        calls += 1;
        if (calls === 3) interrupt(stop);
      };
      const asked = request([prompt], parameters, { signal: stop.signal, [listener]: listen });
      await expect(tiny.withOptions({ chunkTokens: 1 }).sample(asked)).rejects.toThrow('enough');
      expect(calls).toBe(3);
      expect(await live()).toBe(2);
    }
    expect(idsOf(await tiny.sampler.sample(request([prompt], parameters)))).toEqual(reference);
  });

  it('computes nothing when it was aborted before', async () => {
    const { runs } = await tiny.sessions.host.statistics();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(tiny.sampler.sample(request([prompt], parameters, { signal }))).rejects.toThrow('enough');
    expect((await tiny.sessions.host.statistics()).runs).toBe(runs);
  });

  it('can be disposed twice, and then refuses requests', async () => {
    const own = await makeSampler(weights);
    await own.sampler.sample(request([prompt], { maxTokens: 2 }));
    await own.sampler[Symbol.asyncDispose]();
    await own.sampler[Symbol.asyncDispose]();
    await expect(own.sampler.sample(request([prompt], parameters))).rejects.toMatchObject({
      code: 'RUNTIME_DISPOSED',
    });
  });
});

it('a model that is not there is named', async () => {
  await expect(createOnnxSampler({ model: '/nowhere/at/all' })).rejects.toMatchObject({
    message: expect.stringContaining('/nowhere/at/all') as string,
    code: expect.stringMatching(/^[A-Z_]+$/) as string,
  });
});

it('a model whose heads cannot be decoded is refused', async () => {
  const { config, tensors } = await loadTiny('tiny-qwen2');
  const odd = { config: { ...config, headSize: 8 }, tensors };
  await expect(createSamplerSessions(odd)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    facts: { seen: '8' },
  });
});

describe('what is shared', () => {
  const counted = (): { readonly disposed: () => number; readonly shared: Shared<Disposable> } => {
    let times = 0;
    return { disposed: () => times, shared: new Shared({ [Symbol.dispose]: () => (times += 1) }) };
  };

  it('goes when its owner and the last holder have let go, once', () => {
    const { shared, disposed } = counted();
    const [a, b] = [shared.hold(), shared.hold()];
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    shared[Symbol.dispose]();
    expect(disposed()).toBe(0);
    b[Symbol.dispose]();
    expect(disposed()).toBe(1);
  });

  it('stays while its owner has it', () => {
    const { shared, disposed } = counted();
    shared.hold()[Symbol.dispose]();
    expect(disposed()).toBe(0);
    shared[Symbol.dispose]();
    expect(disposed()).toBe(1);
  });
});
