import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Adapter, TokenGroup } from '@doppio/core';
import { FullAdapterFactory, LoraAdapterFactory } from '@doppio/lora-adapter';
import type { ModelWeights } from '@doppio/models';
import { defaultPolicyOptions, Engine, OnnxPolicy } from '@doppio/onnx-policy';
import { createRuntimeHost } from '@doppio/runtime';
import {
  bracketTokenizer,
  difference,
  loadTiny,
  makePrompt,
  makeSampler,
  models,
  request,
  targetOf,
} from '../test/tiny-sampler.js';

/** Between sampler and policy in f32. */
const LIMIT = 1e-4;

const prompts = [makePrompt(6, 0, 3), makePrompt(1, 1, 2), makePrompt(19, 2, 3)];
const lora = (weights: ModelWeights, model: string, name: string): Promise<Adapter> =>
  new LoraAdapterFactory().load(targetOf(weights), join(models, model, name));

describe('log-probabilities are those of the policy', () => {
  it.each([
    { model: 'tiny-qwen2', title: 'low-rank', make: (w: ModelWeights) => lora(w, 'tiny-qwen2', 'lora') },
    {
      model: 'tiny-qwen2-tied',
      title: 'full',
      make: (w: ModelWeights) => Promise.resolve(new FullAdapterFactory().create(targetOf(w))),
    },
  ])('$model, $title adapter', async ({ model, make }) => {
    const weights = await loadTiny(model);
    const adapter = await make(weights);
    if (adapter.kind === 'full')
      for (const { data } of adapter.parameters) data.forEach((value, i) => (data[i] = value * 1.05));
    const host = await createRuntimeHost({ name: 'policy', threads: 1 });
    await using policy = new OnnxPolicy(
      [Engine.create(host, weights.config, weights, adapter)],
      bracketTokenizer,
      defaultPolicyOptions,
    );
    await using tiny = await makeSampler(weights);
    await tiny.sampler.setAdapter(adapter);
    for (const temperature of [0.7, 1.6]) {
      const parameters = { temperature, maxTokens: 20, stopIds: [2, 5, 7, 11] };
      const { completions } = await tiny.sampler.sample(request(prompts, parameters));
      const groups = completions.map((samples, i): TokenGroup => ({
        promptIds: prompts[i]?.ids ?? new Int32Array(0),
        completions: samples.map(({ ids }) => ids),
      }));
      const flat = (values: 'logProbs' | 'samplingLogProbs'): number[] =>
        completions.flat().flatMap((completion) => Array.from(completion[values]));
      const plain = (await policy.score(groups)).scores.logProbs.data;
      const tempered = (await policy.score(groups, { temperature })).scores.logProbs.data;
      expect(plain.length).toBeGreaterThan(50);
      expect(difference(flat('logProbs'), plain)).toBeLessThan(LIMIT);
      expect(difference(flat('samplingLogProbs'), tempered)).toBeLessThan(LIMIT);
      expect(difference(plain, tempered)).toBeGreaterThan(0.1);
      // And it is the adapter that was sampled from.
      const base = (await policy.score(groups, { base: true })).scores.logProbs.data;
      expect(difference(base, plain)).toBeGreaterThan(0.01);
    }
  });
});
