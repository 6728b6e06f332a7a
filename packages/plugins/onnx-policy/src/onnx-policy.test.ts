import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, PolicyPassOptions, TokenGradients, TokenGroup, TokenScores } from '@doppio/core';
import { LoraAdapterFactory } from '@doppio/lora-adapter';
import type { ModelWeights } from '@doppio/models';
import type { Engine } from './engine.js';
import type { OnnxPolicyOptions } from './onnx-policy.js';
import {
  derivatives,
  gradientError,
  loadTiny,
  makeEngine,
  makeGroups,
  models,
  relativeError,
  targetOf,
  withOptions,
  zeros,
} from '../test/tiny-model.js';
import { accumulateOn, groups, ROUNDING, signal, type Result } from '../test/tiny-passes.js';

let weights: ModelWeights;
let adapter: Adapter;
let engine: Engine;

const accumulate = (
  batch: readonly TokenGroup[],
  derivative: Parameters<typeof accumulateOn>[2],
  options: Partial<OnnxPolicyOptions> = {},
  pass: PolicyPassOptions = {},
): Promise<Result> => accumulateOn(engine, batch, derivative, options, pass);

describe('the policy', () => {
  beforeAll(async () => {
    weights = await loadTiny('tiny-qwen2');
    adapter = await new LoraAdapterFactory().load(targetOf(weights), join(models, 'tiny-qwen2/lora'));
    engine = await makeEngine(weights, adapter);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  describe('settings that change only memory', () => {
    let reference: Result;
    beforeAll(async () => {
      reference = await accumulate(groups, signal(groups));
    });
    it.each<Partial<OnnxPolicyOptions>>([
      { keepActivationsMegabytes: 0 },
      { microBatchTokens: 60 },
      { microBatchTokens: 20 },
      { microBatchTokens: 1 },
      { keepActivationsMegabytes: 0, headChunkRows: 1 },
      { keepActivationsMegabytes: 0, headChunkRows: 7 },
      { keepActivationsMegabytes: 0, microBatchTokens: 25, headChunkRows: 4 },
    ])('%o', async (options) => {
      const { gradients, scores } = await accumulate(groups, signal(groups), options);
      expect(gradientError(gradients, reference.gradients)).toBeLessThan(ROUNDING);
      expect(relativeError(scores.logProbs.data, reference.scores.logProbs.data)).toBeLessThan(ROUNDING);
      expect(relativeError(scores.entropies.data, reference.scores.entropies.data)).toBeLessThan(ROUNDING);
      const scored = await withOptions(engine, options).score(groups);
      expect(relativeError(scored.scores.logProbs.data, reference.scores.logProbs.data)).toBeLessThan(
        ROUNDING,
      );
      expect(scored.scores.logProbs.offsets).toEqual(reference.scores.logProbs.offsets);
    });
  });

  it.each([{}, { keepActivationsMegabytes: 0 }])(
    'a group of completions equals as many groups of one: %o',
    async (options) => {
      const apart = groups.flatMap(({ promptIds, completions }) =>
        completions.map((completion) => ({ promptIds, completions: [completion] })),
      );
      const together = await accumulate(groups, signal(groups), options);
      const separate = await accumulate(apart, signal(groups), options);
      expect(gradientError(together.gradients, separate.gradients)).toBeLessThan(ROUNDING);
      expect(relativeError(together.scores.logProbs.data, separate.scores.logProbs.data)).toBeLessThan(
        ROUNDING,
      );
      const shared = groups.reduce((sum, g) => sum + (g.completions.length - 1) * g.promptIds.length, 0);
      expect(together.metrics.sharedPromptTokens).toBe(shared);
      expect(separate.metrics.sharedPromptTokens).toBe(0);
      expect(separate.metrics.forwardTokens - together.metrics.forwardTokens).toBe(shared);
    },
  );

  it('counts the padding that a padded batch would have computed', async () => {
    // Rows of 6 + 3 and 2 + 8 tokens (the last token of a completion is not computed) in a rectangle of 6 + 8.
    const uneven = makeGroups([6, 4], [2, 9]);
    const { metrics } = await withOptions(engine, {}).score(uneven);
    expect(metrics.forwardTokens).toBe(6 + 3 + 2 + 8);
    expect(metrics.paddingTokensAvoided).toBe(2 * (6 + 8) - (6 + 3 + 2 + 8));
    // Apart, neither has any.
    const apart = await withOptions(engine, { microBatchTokens: 1 }).score(uneven);
    expect(apart.metrics).toMatchObject({ forwardTokens: 19, paddingTokensAvoided: 0 });
  });

  it('takes groups without completions, completions without tokens, and nothing at all', async () => {
    const rows = async (batch: readonly TokenGroup[]): Promise<[number[], number[]]> => {
      const { data, offsets } = (await withOptions(engine, {}).score(batch)).scores.logProbs;
      return [Array.from(data), Array.from(offsets)];
    };
    const [data] = await rows(makeGroups([5, 3]));
    expect(data).toHaveLength(3);
    expect(await rows([])).toEqual([[], [0]]);
    expect(await rows(makeGroups([5]))).toEqual([[], [0]]);
    expect(await rows(makeGroups([5, 0]))).toEqual([[], [0, 0]]);
    const [beside, offsets] = await rows(makeGroups([5, 0, 3]));
    expect(offsets).toEqual([0, 0, 3]);
    expect(relativeError(Float32Array.from(beside), Float32Array.from(data))).toBeLessThan(ROUNDING);
  });

  it('adds to the gradients that are there', async () => {
    const once = await accumulate(groups, signal(groups));
    const twice = zeros(adapter);
    const policy = withOptions(engine, { microBatchTokens: 40 });
    await policy.accumulate(groups.slice(0, 2), signal(groups.slice(0, 2)), twice);
    const before = twice.map((values) => values.slice());
    await policy.accumulate(groups, signal(groups), twice);
    const added = twice.map((values, i) => values.map((value, j) => value - (before[i]?.[j] ?? NaN)));
    expect(gradientError(added, once.gradients)).toBeLessThan(1e-4);
  });

  describe('groups without signal', () => {
    const tokens = (group: number): number =>
      (groups[group] as TokenGroup).completions.reduce((sum, ids) => sum + ids.length, 0);
    const without = (...skipped: readonly number[]): Float32Array => {
      let at = 0;
      const values = derivatives(groups);
      groups.forEach((_, group) => {
        if (skipped.includes(group)) values.fill(0, at, at + tokens(group));
        at += tokens(group);
      });
      return values;
    };

    it('are not computed when that is known', async () => {
      const { metrics, scores, gradients } = await accumulate(groups, { dLogProbs: without(1, 3) });
      expect(scores.scored).toEqual(Uint8Array.from(without(1, 3), (d) => (d === 0 ? 0 : 1)));
      expect(metrics.skippedTokens).toBe(tokens(1) + tokens(3));
      expect(metrics.headForwardTokensSkipped).toBe(tokens(0) + tokens(2) + tokens(4));
      const kept = [0, 2, 4];
      const some = kept.map((group) => groups[group] as TokenGroup);
      const dLogProbs = without(1, 3).filter((d) => d !== 0);
      const alone = await accumulate(some, { dLogProbs });
      expect(metrics.forwardTokens).toBe(alone.metrics.forwardTokens);
      expect(gradientError(gradients, alone.gradients)).toBeLessThan(ROUNDING);
    });

    it('are computed when only the entropy has one', async () => {
      const { metrics } = await accumulate(groups, {
        dLogProbs: without(1),
        dEntropies: derivatives(groups),
      });
      expect(metrics.skippedTokens).toBe(0);
    });

    it('are not trained on when a function says so', async () => {
      const all = without(0, 1, 2, 3, 4);
      const { metrics, gradients } = await accumulate(groups, ({ logProbs }) => ({
        dLogProbs: all.slice(0, logProbs.data.length),
      }));
      expect(metrics.skippedTokens).toBe(all.length);
      expect(gradients.every((values) => values.every((value) => value === 0))).toBe(true);
    });
  });

  it.each<Partial<OnnxPolicyOptions>>([{}, { keepActivationsMegabytes: 0 }, { microBatchTokens: 24 }])(
    'a derivative by function equals the same one known before: %o',
    async (options) => {
      const { scores } = await withOptions(engine, {}).score(groups);
      const known: TokenGradients = {
        dLogProbs: scores.logProbs.data.map((logProb) => Math.exp(logProb) - 0.3),
        dEntropies: scores.entropies.data.map((entropy) => 0.01 * entropy),
      };
      const seen: number[] = [];
      const byFunction = await accumulate(
        groups,
        ({ logProbs, entropies }, { first, count }) => {
          for (let i = 0; i < count; i += 1) {
            seen.push(first + i);
            const length = (logProbs.offsets[i + 1] as number) - (logProbs.offsets[i] as number);
            expect(length).toBe(groups.flatMap((g) => g.completions)[first + i]?.length);
          }
          expect(logProbs.offsets[0]).toBe(0);
          expect(logProbs.data).toHaveLength(logProbs.offsets[count] as number);
          return {
            dLogProbs: logProbs.data.map((logProb) => Math.exp(logProb) - 0.3),
            dEntropies: entropies.data.map((entropy) => 0.01 * entropy),
          };
        },
        options,
      );
      const before = await accumulate(groups, known, options);
      expect(seen).toEqual(groups.flatMap((g) => g.completions).map((_, i) => i));
      expect(gradientError(byFunction.gradients, before.gradients)).toBeLessThan(ROUNDING);
      expect(byFunction.metrics.headForwardTokensSkipped).toBe(0);
      expect(before.metrics.headForwardTokensSkipped).toBe(known.dLogProbs.length);
    },
  );

  it('divides the logits by the temperature', async () => {
    const at = async (temperature: number): Promise<TokenScores> =>
      (await withOptions(engine, {}).score(groups, { temperature })).scores;
    const [hot, cold] = [await at(100), await at(0.5)];
    const uniform = Math.log(weights.config.vocabularySize);
    for (const entropy of hot.entropies.data) expect(Math.abs(entropy - uniform)).toBeLessThan(0.02);
    const mean = (values: Float32Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(cold.entropies.data)).toBeLessThan(mean((await at(1)).entropies.data));
    // The gradient by the logits carries 1 / temperature too: checked against a difference along the gradient.
    const dLogProbs = derivatives(groups);
    const { gradients } = await accumulate(groups, { dLogProbs }, {}, { temperature: 2 });
    const loss = async (): Promise<number> =>
      (await at(2)).logProbs.data.reduce((sum, v, i) => sum + v * (dLogProbs[i] as number), 0);
    const slope = gradients.reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0);
    const move = (step: number): void => {
      adapter.parameters.forEach(({ data }, i) => {
        gradients[i]?.forEach((d, j) => (data[j] = (data[j] as number) + step * d));
      });
    };
    const saved = adapter.parameters.map(({ data }) => data.slice());
    const step = 0.005 / Math.sqrt(slope);
    move(step);
    const above = await loss();
    move(-2 * step);
    const below = await loss();
    adapter.parameters.forEach(({ data }, i) => {
      data.set(saved[i] as Float32Array);
    });
    expect((above - below) / (2 * step * slope)).toBeCloseTo(1, 2);
  });

  describe('errors', () => {
    it('names the position of a sequence that is too long', async () => {
      const limit = weights.config.maxPositions;
      const fits = makeGroups([10, limit - 9]); // the last token is not computed
      const long = makeGroups([10, limit - 8]);
      const policy = withOptions(engine, {});
      await expect(policy.score(fits)).resolves.toBeDefined();
      const wanted = { code: 'SEQUENCE_TOO_LONG', facts: { seen: `position ${String(limit)}` } };
      await expect(policy.score(long)).rejects.toMatchObject(wanted);
      await expect(accumulate(long, { dLogProbs: derivatives(long) })).rejects.toMatchObject(wanted);
    });

    it.each([
      ['a prompt', [5, 400], [4, 5]],
      ['a completion', [5, 6], [4, 400]],
    ])('are given for a token of %s that the model does not know', async (_, p, c) => {
      const unknown = [{ promptIds: Int32Array.from(p), completions: [Int32Array.from(c)] }];
      for (const options of [{}, { keepActivationsMegabytes: 0 }])
        await expect(accumulate(unknown, signal(unknown), options)).rejects.toMatchObject({
          code: 'RUNTIME_RUN_FAILED',
        });
    });

    it('of the derivative come back as they are, and leave nothing behind', async () => {
      const { liveRefs } = await engine.host.statistics();
      const wrong = (): never => {
        throw new Error('no derivative');
      };
      await expect(accumulate(groups, wrong)).rejects.toThrow('no derivative');
      expect((await engine.host.statistics()).liveRefs).toBe(liveRefs);
    });

    it('stop it between micro-batches', async () => {
      const stop = new AbortController();
      let asked = 0;
      const derivative = ({ logProbs }: TokenScores): TokenGradients => {
        asked += 1;
        stop.abort(new Error('enough'));
        return { dLogProbs: logProbs.data.map(() => 1) };
      };
      const pass = { signal: stop.signal };
      const running = accumulate(groups, derivative, { microBatchTokens: 1 }, pass);
      await expect(running).rejects.toThrow('enough');
      expect(asked).toBe(1);
    });

    it('stops when it is told to', async () => {
      const controller = new AbortController();
      controller.abort(new Error('enough'));
      const pass = { signal: controller.signal };
      await expect(withOptions(engine, {}).score(groups, pass)).rejects.toThrow('enough');
      await expect(accumulate(groups, signal(groups), {}, pass)).rejects.toThrow('enough');
    });
  });

  it('leaves no tensors behind', async () => {
    const live = async (): Promise<number> => (await engine.host.statistics()).liveRefs;
    const before = await live();
    for (const keepActivationsMegabytes of [0, 1000])
      await accumulate(groups, signal(groups), { keepActivationsMegabytes, microBatchTokens: 30 });
    await withOptions(engine, {}).score(groups, { base: true });
    expect(await live()).toBe(before);
  });
});
