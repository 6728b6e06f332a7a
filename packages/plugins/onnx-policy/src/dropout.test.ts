import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyPassOptions } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import { dropoutMasks } from './dropout.js';
import type { Engine } from './engine.js';
import type { OnnxPolicyOptions } from './onnx-policy.js';
import { packBatch } from './packing.js';
import {
  gradientError,
  loadTiny,
  makeEngine,
  makeGroups,
  relativeError,
  targetOf,
} from '../test/tiny-model.js';
import { accumulateOn, groups, ROUNDING, signal, type Result } from '../test/tiny-passes.js';

describe('dropout', () => {
  const key = { seed: 5, step: 3 };
  const probability = 0.25;
  let dropping: Engine;
  beforeAll(async () => {
    const tiny = await loadTiny('tiny-qwen2');
    const made = new LoraAdapterFactory({ rank: 4, dropout: probability }).create(targetOf(tiny), 1);
    for (const { data, name } of made.parameters)
      if (name.includes('lora_B')) data.forEach((_, i) => (data[i] = 0.1 * Math.sin(i)));
    dropping = await makeEngine(tiny, made);
  });
  afterAll(async () => {
    await dropping[Symbol.asyncDispose]();
  });
  const run = (options: Partial<OnnxPolicyOptions>, pass: PolicyPassOptions): Promise<Result> =>
    accumulateOn(dropping, groups, signal(groups), options, pass);

  it('drops the same elements again, however the batch is cut', async () => {
    const reference = await run({}, { dropoutKey: key });
    const variants = [{}, { keepActivationsMegabytes: 0 }, { microBatchTokens: 20 }, { microBatchTokens: 1 }];
    for (const options of variants) {
      const { gradients, scores } = await run(options, { dropoutKey: key });
      expect(gradientError(gradients, reference.gradients)).toBeLessThan(ROUNDING);
      expect(relativeError(scores.logProbs.data, reference.scores.logProbs.data)).toBeLessThan(ROUNDING);
    }
  });

  it('drops others in another step or with another seed, and nothing without a key', async () => {
    const results = [
      await run({}, {}),
      await run({}, { dropoutKey: key }),
      await run({}, { dropoutKey: { ...key, step: 4 } }),
      await run({}, { dropoutKey: { ...key, seed: 6 } }),
    ];
    results.forEach((a, i) => {
      results.slice(i + 1).forEach((b) => {
        expect(gradientError(a.gradients, b.gradients)).toBeGreaterThan(1e-3);
      });
    });
    const again = await run({ microBatchTokens: 20 }, {});
    expect(gradientError(again.gradients, (results[0] as Result).gradients)).toBeLessThan(ROUNDING);
  });

  it('drops about as many elements as it should, and scales the rest', () => {
    const batch = makeGroups([40, 60]);
    const packed = packBatch(batch, [{ group: 0, first: 0, count: 1 }], Int32Array.of(0, 60), [0], {
      ...dropping.config,
    });
    const masks = dropoutMasks(dropping, packed, key);
    expect(masks).toHaveLength(dropping.config.layers);
    const tensors = masks.flatMap((layer) => Object.values(layer));
    const different = new Set(tensors.map(({ data }) => data.slice(0, 64).join()));
    expect(different.size).toBe(tensors.length);
    for (const { data } of tensors) {
      expect(new Set(data as Float32Array)).toEqual(new Set([0, Math.fround(1 / (1 - probability))]));
      const dropped = (data as Float32Array).filter((value) => value === 0).length / data.length;
      expect(Math.abs(dropped - probability)).toBeLessThan(5 * Math.sqrt(0.19 / data.length));
    }
  });
});
