import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, TokenGroup } from '@doppio/core';
import { FullAdapterFactory, LoraAdapterFactory } from '@doppio/lora-adapter';
import { readSafetensors, type ModelWeights } from '@doppio/models';
import type { Engine } from './engine.js';
import {
  loadTiny,
  makeEngine,
  models,
  readCases,
  relativeError,
  targetOf,
  withOptions,
  zeros,
} from '../test/tiny-model.js';

/** The limit that the fixtures give for f32. */
const LIMIT = 2e-4;

const settings = [
  { title: 'in one run', options: {} },
  { title: 'by blocks', options: { keepActivationsMegabytes: 0 } },
  {
    title: 'by blocks, in small parts',
    options: { keepActivationsMegabytes: 0, microBatchTokens: 16, headChunkRows: 3 },
  },
];

const fixtures = ['tiny-qwen2', 'tiny-qwen2-tied', 'tiny-llama', 'tiny-qwen3'].flatMap((model) => [
  { model, adapter: undefined },
  { model, adapter: 'lora' },
]);

describe.each([
  ...fixtures,
  { model: 'tiny-qwen2', adapter: 'lora-qv-rslora' },
  { model: 'tiny-qwen2', adapter: 'lora-patterns' },
])('$model with adapter $adapter, against Transformers', ({ model, adapter: name }) => {
  const folder = name === undefined ? model : join(model, name);
  let engine: Engine;
  let adapter: Adapter;
  let expected: Map<string, Float32Array>;
  let groups: TokenGroup[];
  let dLogProbs: Float32Array;
  beforeAll(async () => {
    const weights: ModelWeights = await loadTiny(model);
    adapter =
      name === undefined
        ? new FullAdapterFactory().create(targetOf(weights))
        : await new LoraAdapterFactory().load(targetOf(weights), join(models, folder));
    const file = await readSafetensors(join(models, folder, 'expected.safetensors'));
    expected = new Map([...file.tensors].map(([key, { data }]) => [key, data]));
    // Sequences and objective are the same for every adapter of a model.
    const cases = readCases(model);
    groups = cases.sequences.map((ids) => ({
      promptIds: Int32Array.from(ids.slice(0, 1)),
      completions: [Int32Array.from(ids.slice(1))],
    }));
    dLogProbs = Float32Array.from(cases.weights.flat());
    engine = await makeEngine(weights, adapter);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  const joined = (key: string): Float32Array =>
    Float32Array.from(groups.flatMap((_, i) => Array.from(expected.get(`${key}.${String(i)}`) ?? [NaN])));

  it.each(settings)('gives the log-probabilities, entropies and gradients, $title', async ({ options }) => {
    const policy = withOptions(engine, options);
    const gradients = zeros(adapter);
    const dEntropies = new Float32Array(dLogProbs.length).fill(0.01);
    const passes = [
      await policy.score(groups),
      await policy.accumulate(groups, { dLogProbs, dEntropies }, gradients),
    ];
    for (const { scores } of passes) {
      expect(relativeError(scores.logProbs.data, joined('logps'))).toBeLessThan(LIMIT);
      // The adapters' fixtures have no entropies of their own.
      if (name === undefined)
        expect(relativeError(scores.entropies.data, joined('entropies'))).toBeLessThan(LIMIT);
    }
    const errors = adapter.parameters.map(({ name: parameter }, i): [string, number] => {
      const wanted = expected.get(`grad.${parameter}`);
      if (wanted === undefined) throw new Error(`the fixture has no grad.${parameter}`);
      return [parameter, relativeError(gradients[i] as Float32Array, wanted)];
    });
    expect(errors.length).toBeGreaterThan(5);
    expect(errors.filter(([, error]) => !(error < LIMIT))).toEqual([]);
  });

  it.runIf(name !== undefined)('gives the base model without the adapter', async () => {
    const { tensors: base } = await readSafetensors(join(models, model, 'expected.safetensors'));
    const { scores } = await withOptions(engine, {}).score(groups, { base: true });
    const wanted = groups.flatMap((_, i) => Array.from(base.get(`logps.${String(i)}`)?.data ?? [NaN]));
    expect(relativeError(scores.logProbs.data, Float32Array.from(wanted))).toBeLessThan(LIMIT);
    expect(relativeError(scores.logProbs.data, joined('logps'))).toBeGreaterThan(0.01);
  });
});
