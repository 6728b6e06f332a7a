import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, TokenGradients, TokenScores } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import type { ModelWeights } from '@doppio/models';
import type { OnnxPolicyOptions } from './onnx-policy.js';
import {
  gradientError,
  loadTiny,
  makeGroups,
  models,
  replicated,
  targetOf,
  zeros,
} from '../test/tiny-model.js';
import { groups, ROUNDING, signal, type Result } from '../test/tiny-passes.js';

let weights: ModelWeights;
let adapter: Adapter;
beforeAll(async () => {
  weights = await loadTiny('tiny-qwen2');
  adapter = await new LoraAdapterFactory().load(targetOf(weights), join(models, 'tiny-qwen2/lora'));
});

describe('replicas', () => {
  type Both = Result & { readonly base: TokenScores };
  const pass = async (count: number, options: Partial<OnnxPolicyOptions>): Promise<Both> => {
    await using policy = await replicated(weights, adapter, count, options);
    const gradients = zeros(adapter);
    const { scores, metrics } = await policy.accumulate(groups, signal(groups), gradients);
    const { scores: base } = await policy.score(groups, { base: true });
    return { gradients, scores, metrics, base };
  };

  it('do not change a bit where micro-batches are the same', async () => {
    const options = { microBatchTokens: 40 };
    const one = await pass(1, options);
    for (const count of [2, 3]) expect(await pass(count, options)).toEqual(one);
  });

  it('make micro-batches smaller, which changes roundings only', async () => {
    const big = makeGroups([200, 60, 60], [150, 40, 40], [100, 30]);
    const found: Float32Array[][] = [];
    for (const count of [1, 3]) {
      await using policy = await replicated(weights, adapter, count, { microBatchTokens: 600 });
      const gradients = zeros(adapter);
      await policy.accumulate(big, signal(big), gradients);
      found.push(gradients);
    }
    expect(gradientError(found[0] ?? [], found[1] ?? [])).toBeLessThan(ROUNDING);
  });

  it('all stop when one of them fails', async () => {
    await using policy = await replicated(weights, adapter, 2, { microBatchTokens: 20 });
    let asked = 0;
    const derivative = ({ logProbs }: TokenScores): TokenGradients => {
      asked += 1;
      if (asked === 2) throw new Error('no derivative');
      return { dLogProbs: logProbs.data.map(() => 1) };
    };
    const many = [...groups, ...groups, ...groups];
    await expect(policy.accumulate(many, derivative, zeros(adapter))).rejects.toThrow('no derivative');
    expect(asked).toBeLessThan(4);
  });
});
