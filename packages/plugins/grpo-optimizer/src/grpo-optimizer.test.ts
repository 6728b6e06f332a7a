import { Optimizer, type Parameter, type PluginRegistry, type TokenLossInput } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomLossInput } from '../test/random-loss-input.js';
import { GrpoOptimizer } from './grpo-optimizer.js';
import plugin from './index.js';
import { tokenLossNames } from './losses/table.js';
import { GrpoOptionsSchema, type GrpoOptionsInput } from './options.js';

const parameters = (...values: readonly (readonly number[])[]): Parameter[] =>
  values.map((data, i) => ({
    name: `layer.${String(i)}`,
    shape: [data.length],
    data: Float32Array.from(data),
  }));
const gradients = (...values: readonly (readonly number[])[]): Float32Array[] =>
  values.map((data) => Float32Array.from(data));

function lossInput(seed: number): TokenLossInput {
  const input = randomLossInput(seed);
  const ragged = ({ data, offsets }: (typeof input)['logProbs']): TokenLossInput['logProbs'] => ({
    data: Float32Array.from(data),
    offsets,
  });
  const { oldLogProbs: _, referenceLogProbs, samplingLogProbs, ...rest } = input;
  return {
    ...rest,
    logProbs: ragged(input.logProbs),
    entropies: ragged(input.entropies),
    ...(referenceLogProbs && { referenceLogProbs: ragged(referenceLogProbs) }),
    ...(samplingLogProbs && { samplingLogProbs: ragged(samplingLogProbs) }),
    advantages: Float32Array.from(input.advantages),
  };
}

const unscored = (input: TokenLossInput): TokenLossInput => {
  const zeros = { ...input.logProbs, data: new Float32Array(input.logProbs.data.length) };
  return { ...input, logProbs: zeros, entropies: zeros };
};

describe('options', () => {
  it('name the losses where one is not known', () => {
    expect(() => new GrpoOptimizer({ loss: 'gspo' } as unknown as GrpoOptionsInput)).toThrow(
      /expected one of grpo, bnpo, .*vespo/,
    );
  });
});

describe('derivativeKnownOnPolicy', () => {
  it.each(
    tokenLossNames.flatMap((loss) => (['token', 'sequence'] as const).map((level) => [loss, level] as const)),
  )(
    '%s with a ratio per %s: derivatives without scores are those with scores',
    (loss, importanceSamplingLevel) => {
      const optimizer = new GrpoOptimizer({ loss, importanceSamplingLevel, epsilonLow: 0, delta: 1.2 });
      const input = lossInput(3);
      expect(optimizer.derivativeKnownOnPolicy).toBe(true);
      expect(optimizer.loss(unscored(input)).dLogProbs).toEqual(optimizer.loss(input).dLogProbs);
    },
  );

  it.each<[string, GrpoOptionsInput]>([
    ['KL', { beta: 0.1 }],
    ['a top-entropy mask', { topEntropyQuantile: 0.5 }],
    ['a sampler correction', { samplerCorrection: { mode: 'token_truncate', max: 1.1 } }],
    ['an off-policy mask', { offPolicyMaskThreshold: 0 }],
    [
      "a loss of one's own",
      {
        loss: ({ logProbs }) => ({
          loss: logProbs.map((x) => x * x),
          dLogProb: logProbs.map((x) => 2 * x),
          weight: 1,
        }),
      },
    ],
  ])('is false with %s, whose derivatives do depend on scores', (_, options) => {
    const optimizer = new GrpoOptimizer(options);
    const input = lossInput(3);
    expect(optimizer.derivativeKnownOnPolicy).toBe(false);
    expect(optimizer.loss(unscored(input)).dLogProbs).not.toEqual(optimizer.loss(input).dLogProbs);
  });

  it('is false with an entropy bonus', () => {
    expect(new GrpoOptimizer({ entropyCoefficient: 0.1 }).derivativeKnownOnPolicy).toBe(false);
  });
});

describe('GrpoOptimizer', () => {
  it('asks for what its options need', () => {
    expect(new GrpoOptimizer().needsReference).toBe(false);
    expect(new GrpoOptimizer().batchStatistics).toBeUndefined();
    expect(new GrpoOptimizer({ beta: 0.04 }).needsReference).toBe(true);
    const statistics = new GrpoOptimizer({ topEntropyQuantile: 0.5 }).batchStatistics?.(lossInput(1));
    expect(statistics).toMatchObject({ highEntropyTokens: 13 });
  });

  it('clips by the global norm and follows the schedule', () => {
    const optimizer = new GrpoOptimizer({ learningRate: 0.1, schedule: { name: 'linear' } });
    const [a, b] = parameters([1], [1]) as [Parameter, Parameter];
    expect(optimizer.update([a, b], gradients([3], [4]), 5, 10)).toEqual({ gradNorm: 5, learningRate: 0.05 });
    expect(a.data[0]).toBeCloseTo(0.95, 6);
    expect(optimizer.state().get('exp_avg/layer.0')?.[0]).toBeCloseTo(0.06, 6);
  });

  it('does not clip with maxGradNorm null', () => {
    const optimizer = new GrpoOptimizer({ maxGradNorm: null });
    optimizer.update(parameters([1]), gradients([30]), 0, 10);
    expect(optimizer.state().get('exp_avg/layer.0')?.[0]).toBeCloseTo(3, 6);
  });

  it('continues from restored moments bit by bit', () => {
    const run = (from: number, to: number, optimizer: GrpoOptimizer, trained: Parameter[]): void => {
      for (let step = from; step < to; step += 1)
        optimizer.update(trained, gradients([Math.sin(step), 0.3], [step]), step, 6);
    };
    const options: GrpoOptionsInput = { learningRate: 0.01, weightDecay: 0.1 };
    const straight = parameters([1, 2], [3]);
    run(0, 6, new GrpoOptimizer(options), straight);
    const split = parameters([1, 2], [3]);
    const first = new GrpoOptimizer(options);
    expect(first.state().size).toBe(0);
    run(0, 3, first, split);
    const second = new GrpoOptimizer(options);
    second.restore(first.state());
    run(3, 6, second, split);
    expect(split).toEqual(straight);
  });

  it('copies what it restores', () => {
    const first = new GrpoOptimizer();
    first.update(parameters([1]), gradients([1]), 0, 9);
    const second = new GrpoOptimizer();
    second.restore(first.state());
    const before = second.state().get('exp_avg/layer.0')?.slice();
    first.update(parameters([1]), gradients([1]), 1, 9);
    expect(second.state().get('exp_avg/layer.0')).toEqual(before);
  });

  it('refuses moments of other parameters', () => {
    const first = new GrpoOptimizer();
    first.update(parameters([1]), gradients([1]), 0, 9);
    const second = new GrpoOptimizer();
    second.restore(first.state());
    const mismatch = expect.objectContaining({ code: 'CHECKPOINT_MISMATCH' }) as Error;
    expect(() => second.update(parameters([1, 2]), gradients([1, 2]), 1, 9)).toThrow(mismatch);
    expect(() => second.update(parameters([1], [2]), gradients([1], [2]), 1, 9)).toThrow(mismatch);
    const half = new Map(first.state());
    half.delete('exp_avg_sq/layer.0');
    expect(() => new GrpoOptimizer().restore(half)).toThrow(mismatch);
    expect(() => new GrpoOptimizer().restore(new Map([['momentum', new Float32Array(1)]]))).toThrow(mismatch);
  });

  it('changes nothing when a gradient is not a number', () => {
    const optimizer = new GrpoOptimizer({ learningRate: 1 });
    const trained = parameters([1], [2]);
    expect(() => optimizer.update(trained, gradients([1], [NaN]), 0, 9)).toThrow(/layer\.1/);
    expect(trained).toEqual(parameters([1], [2]));
    expect(optimizer.state().size).toBe(0);
  });

  it('refuses gradients of other parameters', () => {
    const wrong = expect.objectContaining({ code: 'GRADIENTS_INVALID' }) as Error;
    expect(() => new GrpoOptimizer().update(parameters([1, 2]), gradients([1]), 0, 9)).toThrow(wrong);
    expect(() => new GrpoOptimizer().update(parameters([1]), gradients([1], [2]), 0, 9)).toThrow(wrong);
  });

  it.each<[GrpoOptionsInput, RegExp]>([
    [{ loss: 'ppo' as 'grpo' }, /loss/],
    [{ learningRate: -1 }, /learningRate/],
    [{ scale_rewards: false } as GrpoOptionsInput, /scale_rewards/],
    [{ loss: 'vespo', samplerCorrection: { mode: 'sequence_mask', max: 3 } }, /samplerCorrection\.mode/],
    [{ samplerCorrection: { mode: 'token_truncate' } }, /min, max or both/],
    [{ samplerCorrection: { mode: 'token_truncate', min: 3, max: 2 } }, /below max/],
  ])('refuses %j', (options, message) => {
    expect(() => new GrpoOptimizer(options)).toThrow(message);
  });
});

describe('the plugin', () => {
  it('contributes the optimizer grpo, whose every option is described', async () => {
    const parts: { token: unknown; part: Parameters<PluginRegistry['contribute']>[1] }[] = [];
    plugin.register({ contribute: (token, part) => parts.push({ token, part: part as never }) });
    expect(parts.map(({ token, part }) => [token, part.id])).toEqual([[Optimizer, 'grpo']]);
    const schema = z.toJSONSchema(GrpoOptionsSchema, { io: 'input', unrepresentable: 'any' });
    for (const [name, option] of Object.entries(schema.properties ?? {}))
      expect(option, name).toHaveProperty('description');
    const made = await parts[0]?.part.create(GrpoOptionsSchema.parse({ updatesPerBatch: 2 }), {
      seed: 1,
      model: '',
      get: () => Promise.reject(new Error('none')),
      signal: AbortSignal.timeout(1000),
    });
    expect(made).toMatchObject({ id: 'grpo', updatesPerBatch: 2 });
  });
});
