import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Completion, SamplePrompt, SamplingParameters } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import {
  createSamplerSessions,
  defaultSamplerOptions,
  OnnxSampler,
  type OnnxSamplerOptions,
} from './onnx-sampler.js';
import {
  bracketTokenizer,
  difference,
  idsOf,
  loadTiny,
  makePrompt,
  makeSampler,
  request,
  targetOf,
  type TinySampler,
} from '../test/tiny-sampler.js';

const prompts = [makePrompt(5, 0, 3), makePrompt(1, 1, 1), makePrompt(17, 2, 4), makePrompt(5, 3, 2)];
const maxTokens = 24;
/** Stop tokens frequent enough for rows to leave one by one. */
const stopIds = [2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233];

const plain: SamplingParameters = { maxTokens, stopIds, temperature: 0.9 };
const filtered: SamplingParameters = {
  ...plain,
  temperature: 1.3,
  topK: 200,
  topP: 0.97,
  minP: 0.001,
  repetitionPenalty: 1.2,
};
const greedy: SamplingParameters = { ...plain, temperature: 0, repetitionPenalty: 1.5 };

const settings: readonly Partial<OnnxSamplerOptions>[] = [
  { chunkTokens: 1 },
  { chunkTokens: 5 },
  { chunkTokens: 1000 },
  { maxRows: 1 },
  { maxRows: 2, chunkTokens: 3 },
  { maxRows: 4, chunkTokens: 7 },
  { cacheMegabytes: 0.1 },
  { cacheMegabytes: 0.001, chunkTokens: 8 },
];

/** The same tokens; the order of f32 sums may differ with the number of rows. */
function expectSame(found: readonly Completion[], wanted: readonly Completion[]): void {
  expect(found.map(({ ids }) => Array.from(ids))).toEqual(wanted.map(({ ids }) => Array.from(ids)));
  found.forEach((completion, i) => {
    expect(completion.finishReason).toBe(wanted[i]?.finishReason);
    expect(difference(completion.logProbs, wanted[i]?.logProbs ?? [])).toBeLessThan(1e-5);
    expect(difference(completion.samplingLogProbs, wanted[i]?.samplingLogProbs ?? [])).toBeLessThan(1e-5);
  });
}

describe('a completion is the same whatever batch it is sampled in', () => {
  let tiny: TinySampler;
  beforeAll(async () => {
    const weights = await loadTiny('tiny-qwen2');
    tiny = await makeSampler(weights);
    const adapter = new LoraAdapterFactory({ rank: 4 }).create(targetOf(weights), 1);
    for (const { data, name } of adapter.parameters)
      if (name.includes('lora_B')) data.forEach((_, i) => (data[i] = 0.05 * Math.sin(i)));
    await tiny.sampler.setAdapter(adapter);
    adapted = adapter;
  });
  let adapted: ReturnType<LoraAdapterFactory['create']>;
  afterAll(async () => {
    await tiny[Symbol.asyncDispose]();
  });

  describe.each([
    ['plain', plain],
    ['filtered', filtered],
    ['greedy', greedy],
  ])('%s', (_, parameters) => {
    let reference: readonly (readonly Completion[])[];
    beforeAll(async () => {
      reference = (await tiny.withOptions({}).sample(request(prompts, parameters))).completions;
      const reasons = new Set(reference.flat().map(({ finishReason }) => finishReason));
      expect(reasons).toContain('stop');
    });

    it.each(settings)('with %o', async (options) => {
      const { completions } = await tiny.withOptions(options).sample(request(prompts, parameters));
      expect(completions.map((samples) => samples.length)).toEqual(prompts.map(({ samples }) => samples));
      expectSame(completions.flat(), reference.flat());
    });

    it('alone', async () => {
      for (const [i, prompt] of prompts.entries()) {
        const { completions } = await tiny.withOptions({}).sample(request([prompt], parameters));
        expectSame(completions.flat(), reference[i] ?? []);
      }
    });

    it('with other prompts, in another order, with more samples', async () => {
      const others: SamplePrompt[] = [makePrompt(40, 9, 5), makePrompt(2, 8, 2)];
      const more = prompts.map((prompt) => ({ ...prompt, samples: prompt.samples + 2 })).reverse();
      const { completions } = await tiny
        .withOptions({ maxRows: 9, chunkTokens: 6 })
        .sample(request([...others, ...more], parameters));
      const found = completions.slice(others.length).reverse();
      found.forEach((samples, i) => {
        expect(samples).toHaveLength((prompts[i]?.samples ?? 0) + 2);
        expectSame(samples.slice(0, prompts[i]?.samples), reference[i] ?? []);
      });
    });
  });

  it.each([2, 3, 20])('on %i replicas', async (count) => {
    const replicas = await createSamplerSessions(tiny.weights, { replicas: count, threads: count });
    await using sampler = new OnnxSampler(replicas, bracketTokenizer, defaultSamplerOptions);
    await sampler.setAdapter(adapted);
    const one = tiny.withOptions({});
    await one.setAdapter(adapted);
    for (const parameters of [plain, filtered]) {
      const progress: number[] = [];
      const onProgress = ({ finished, tokens }: { finished: number; tokens: number }): void => {
        progress.push(finished, tokens);
      };
      const wanted = await one.sample(request(prompts, parameters));
      const found = await sampler.sample(request(prompts, parameters, { onProgress }));
      expectSame(found.completions.flat(), wanted.completions.flat());
      const { completionTokens } = wanted.metrics;
      expect(found.metrics.completionTokens).toBe(completionTokens);
      expect(progress.slice(-2)).toEqual([10, completionTokens]);
      // Each prompt once, unless a replica would have had nothing to do.
      if (count <= prompts.length) expect(found.metrics.prefillTokens).toBe(wanted.metrics.prefillTokens);
    }
  });

  it('a replica that fails ends the request, and the next one goes on', async () => {
    const replicas = await createSamplerSessions(tiny.weights, { replicas: 2, threads: 2 });
    await using sampler = new OnnxSampler(replicas, bracketTokenizer, {
      ...defaultSamplerOptions,
      chunkTokens: 2,
    });
    const failing = request(prompts, plain, {
      onTokens: (prompt) => {
        if (prompt === 1) throw new Error('of the caller');
      },
    });
    await expect(sampler.sample(failing)).rejects.toThrow('of the caller');
    const { completions } = await sampler.sample(request(prompts, plain));
    expect(completions.flat()).toHaveLength(10);
  });

  it('with an adapter', async () => {
    const on = async (options: Partial<OnnxSamplerOptions>): Promise<readonly Completion[]> => {
      const sampler = tiny.withOptions(options);
      await sampler.setAdapter(adapted);
      return (await sampler.sample(request(prompts, plain))).completions.flat();
    };
    const reference = await on({});
    const bare = await tiny.withOptions({}).sample(request(prompts, plain));
    expect(idsOf(bare).flat()).not.toEqual(reference.map(({ ids }) => Array.from(ids)));
    for (const options of [{ maxRows: 1 }, { maxRows: 3, chunkTokens: 5 }])
      expectSame(await on(options), reference);
  });

  it('counts what it computes', async () => {
    const tokens = prompts.reduce((sum, { ids }) => sum + ids.length - 1, 0);
    const shared = prompts.reduce((sum, { ids, samples }) => sum + (ids.length - 1) * (samples - 1), 0);
    for (const options of [{}, { chunkTokens: 4 }, { maxRows: 4 }]) {
      const { completions, metrics } = await tiny.withOptions(options).sample(request(prompts, plain));
      const completionTokens = completions.flat().reduce((sum, { ids }) => sum + ids.length, 0);
      expect(metrics).toMatchObject({ prefillTokens: tokens, sharedPromptTokens: shared, completionTokens });
      expect(metrics.prefillSeconds).toBeGreaterThan(0);
      expect(metrics.decodeSeconds).toBeGreaterThan(0);
    }
    const idle = async (chunkTokens: number): Promise<number> =>
      (await tiny.withOptions({ chunkTokens }).sample(request(prompts, plain))).metrics.idleTokens;
    expect(await idle(1)).toBe(0);
    expect(await idle(100)).toBeGreaterThan(await idle(4));
  });
});
