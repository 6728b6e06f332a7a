import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Completion, SampleRequest, SampleResult } from '@doppio/core';
import { FullAdapterFactory } from '@doppio/lora-adapter';
import { linearSites } from '@doppio/models';
import {
  idsOf,
  loudAdapter,
  prompts,
  request,
  start,
  tokenizer,
  weights,
  type Started,
} from '../test/nano.js';

let started: Started;
let reference: SampleResult;
beforeAll(async () => {
  started = await start();
  reference = await started.sampler().sample(request());
});
afterAll(() => started[Symbol.asyncDispose]());

describe('a completion', () => {
  it.each([
    { title: 'rows one by one', options: { maxRows: 1 } },
    { title: 'few rows, that wait and join', options: { maxRows: 4, chunkTokens: 5 } },
    { title: 'chunks of one token', options: { chunkTokens: 1 } },
    { title: 'one long chunk', options: { chunkTokens: 1000 } },
    { title: 'hardly any memory for caches', options: { cacheMegabytes: 0.5 } },
  ])('is the same with $title', async ({ options }) => {
    const result = await started.sampler(options).sample(request());
    expect(idsOf(result)).toEqual(idsOf(reference));
    expect(largestDifference(result, reference)).toBeLessThan(1e-4);
  });

  it('is the same whatever else is asked for', async () => {
    const sampler = started.sampler();
    const all = idsOf(reference);
    const reversed = await sampler.sample(request({}, { which: [4, 2, 0] }));
    expect(idsOf(reversed)).toEqual([all[4], all[2], all[0]]);
    const first = await sampler.sample(request({}, { samples: 1, which: [3] }));
    expect(idsOf(first)).toEqual([[all[3]?.[0]]]);
  });

  it.each<[string, Partial<SampleRequest['key']>]>([
    ['seed', { seed: 6 }],
    ['step', { step: 3 }],
    ['purpose', { purpose: 'other' }],
  ])('differs by %s', async (_, key) => {
    const asked = request();
    const other = await started.sampler().sample({ ...asked, key: { ...asked.key, ...key } });
    expect(idsOf(other)).not.toEqual(idsOf(reference));
  });

  it('differs by sample, and by the index of its prompt', async () => {
    const { completions } = await started.sampler().sample({
      ...request({ temperature: 3, maxTokens: 20 }),
      prompts: [0, 1].map((index) => ({ ids: prompts[3] as Int32Array, samples: 4, index })),
    });
    expect(new Set(completions.flat().map(({ ids }) => ids.join())).size).toBe(8);
  });

  it('is reported as it appears', async () => {
    const streamed = new Map<string, number[]>();
    const progress: number[][] = [];
    const { completions, metrics } = await started.sampler({ chunkTokens: 4, maxRows: 6 }).sample({
      ...request(),
      onTokens: (prompt, sample, ids) => {
        const place = `${String(prompt)} ${String(sample)}`;
        streamed.set(place, [...(streamed.get(place) ?? []), ...ids]);
      },
      onProgress: ({ tokens, finished, total }) => progress.push([tokens, finished, total]),
    });
    completions.forEach((group, prompt) => {
      group.forEach(({ ids }, sample) => {
        expect(streamed.get(`${String(prompt)} ${String(sample)}`)).toEqual([...ids]);
      });
    });
    expect(progress.at(-1)).toEqual([metrics.completionTokens, 15, 15]);
  });
});

describe('where a completion ends', () => {
  it('is at a stop token, which belongs to it', () => {
    for (const { ids, finishReason } of reference.completions.flat()) {
      expect(finishReason).toBe('stop');
      expect([...ids].findIndex((id) => tokenizer.stopIds.includes(id))).toBe(ids.length - 1);
    }
  });

  it('is at the longest length without stop tokens', async () => {
    const { completions } = await started.sampler().sample(request({ stopIds: [], maxTokens: 40 }));
    for (const { ids, finishReason } of completions.flat()) {
      expect(finishReason).toBe('length');
      expect(ids).toHaveLength(40);
    }
  });

  it('does not change what comes before', async () => {
    const { completions } = await started.sampler().sample(request({ maxTokens: 7 }));
    expect(completions.map((group) => group.map(({ ids }) => [...ids]))).toEqual(
      idsOf(reference).map((group) => group.map((ids) => ids.slice(0, 7))),
    );
  });

  it.each([1, 5, 32])(
    'is at the token that completes a stop string, in chunks of %i',
    async (chunkTokens) => {
      const full = reference.completions[3]?.[0] as Completion;
      // Two characters from the middle: characters are tokens here, so that it spans two of them.
      const stop = tokenizer.decode(full.ids.slice(6, 8));
      const expected = [...full.ids].findIndex((_, i) =>
        tokenizer.decode(full.ids.slice(0, i + 1)).includes(stop),
      );
      const { completions } = await started
        .sampler({ chunkTokens })
        .sample(request({ stopStrings: ['no such text', stop] }, { samples: 1, which: [3] }));
      const [cut] = completions[0] as [Completion];
      expect(cut.finishReason).toBe('stop_string');
      expect([...cut.ids]).toEqual([...full.ids.slice(0, expected + 1)]);
      expect(cut.logProbs).toHaveLength(expected + 1);
      expect(cut.samplingLogProbs).toHaveLength(expected + 1);
    },
  );
});

it('leaves no tensor behind', async () => {
  const before = (await started.host.statistics()).liveRefs;
  await started.sampler({ chunkTokens: 3, maxRows: 4 }).sample(request());
  // What a sampler holds is released with its adapter; here it has none.
  expect((await started.host.statistics()).liveRefs).toBe(before);
});

describe('what was saved', () => {
  it('is counted: a prompt is computed once', () => {
    const computed = prompts.reduce((sum, ids) => sum + ids.length - 1, 0);
    expect(reference.metrics.prefillTokens).toBe(computed);
    expect(reference.metrics.sharedPromptTokens).toBe(2 * computed);
    const tokens = reference.completions.flat().reduce((sum, { ids }) => sum + ids.length, 0);
    expect(reference.metrics.completionTokens).toBe(tokens);
  });

  it('is counted: rows that finished leave, so that short chunks decode less for nothing', async () => {
    const { metrics } = await started.sampler({ chunkTokens: 2 }).sample(request());
    expect(metrics.idleTokens).toBeLessThan(reference.metrics.idleTokens);
  });
});

describe('an adapter', () => {
  it('is swapped without another session', async () => {
    const sampler = started.sampler();
    const adapter = loudAdapter();
    await sampler.setAdapter(adapter);
    const adapted = await sampler.sample(request());
    expect(idsOf(adapted)).not.toEqual(idsOf(reference));
    const loaded = await loadSeconds();

    for (const { data } of adapter.parameters) data.fill(0);
    const unchanged = await sampler.sample(request());
    expect(idsOf(unchanged)).toEqual(idsOf(adapted));
    await sampler.setAdapter(adapter);
    expect(idsOf(await sampler.sample(request()))).toEqual(idsOf(reference));
    await sampler.setAdapter(undefined);
    expect(idsOf(await sampler.sample(request()))).toEqual(idsOf(reference));
    expect(await loadSeconds()).toEqual(loaded);
  });

  it('may hold every weight', async () => {
    const sampler = started.sampler();
    const full = new FullAdapterFactory().create({
      sites: linearSites(weights.config),
      weights: weights.tensors,
    });
    await sampler.setAdapter(full);
    const same = await sampler.sample(request());
    expect(idsOf(same)).toEqual(idsOf(reference));
    expect(largestDifference(same, reference)).toBeLessThan(1e-4);
    for (const { data } of full.parameters) data.forEach((value, i) => (data[i] = 0.5 * value));
    await sampler.setAdapter(full);
    expect(idsOf(await sampler.sample(request()))).not.toEqual(idsOf(reference));
  });
});

describe('a request', () => {
  const empty = new Int32Array(0);
  it.each<[string, SampleRequest, RegExp]>([
    [
      'a prompt without tokens',
      { ...request(), prompts: [{ ids: empty, samples: 1, index: 0 }] },
      /no tokens/,
    ],
    [
      'an unknown token',
      { ...request(), prompts: [{ ids: Int32Array.of(1, 4096), samples: 1, index: 0 }] },
      /4096[\s\S]*tokenizer/,
    ],
    ['a completion that is too long', request({ maxTokens: 4096 }), /positions/],
    ['no length', request({ maxTokens: 0 }), /maxTokens/],
    ['half a token', request({ maxTokens: 1.5 }), /maxTokens/],
    ['a negative temperature', request({ temperature: -1 }), /temperature/],
    ['a temperature that is no number', request({ temperature: Number.NaN }), /temperature/],
    ['no probability left', request({ topP: 0 }), /topP/],
    ['a minP that nothing reaches', request({ minP: 1 }), /minP/],
    ['a penalty of zero', request({ repetitionPenalty: 0 }), /repetitionPenalty/],
  ])('is refused for %s', async (_, asked, message) => {
    await expect(started.sampler().sample(asked)).rejects.toMatchObject({
      code: 'SAMPLE_REQUEST',
      message: expect.stringMatching(message) as string,
    });
  });

  it('for nothing gives nothing', async () => {
    const { completions } = await started.sampler().sample({ ...request(), prompts: [] });
    expect(completions).toEqual([]);
  });

  it('stops when it is aborted, and the sampler goes on', async () => {
    const stop = new AbortController();
    const sampler = started.sampler({ chunkTokens: 1 });
    const aborted = sampler.sample({
      ...request(),
      signal: stop.signal,
      onProgress: ({ tokens }) => {
        if (tokens > 20) stop.abort(new Error('enough'));
      },
    });
    await expect(aborted).rejects.toThrow('enough');
    expect(idsOf(await sampler.sample(request()))).toEqual(idsOf(reference));
  });

  it('after the end is an error', async () => {
    const own = await start();
    const sampler = own.sampler();
    await sampler[Symbol.asyncDispose]();
    await expect(sampler.sample(request())).rejects.toMatchObject({ code: 'RUNTIME_DISPOSED' });
  });
});

/** Seconds spent on making sessions, by name: another session would add to one of them. */
async function loadSeconds(): Promise<Record<string, number>> {
  const { sessions } = await started.host.statistics();
  return Object.fromEntries(Object.entries(sessions).map(([name, { loadSeconds }]) => [name, loadSeconds]));
}

function largestDifference(a: SampleResult, b: SampleResult): number {
  const values = ({ completions }: SampleResult): number[] =>
    completions.flat().flatMap(({ logProbs, samplingLogProbs }) => [...logProbs, ...samplingLogProbs]);
  const [first, second] = [values(a), values(b)];
  return first.reduce((most, value, i) => Math.max(most, Math.abs(value - (second[i] ?? NaN))), 0);
}
