import { DoppioError, type AnswerVerifier, type RewardGroup } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { cosineOptions, cosineReward, createCosineReward } from './cosine.js';
import { createExactAnswerVerifier } from './exact-answer-verifier.js';
import { createL1Reward, l1Options, l1Reward } from './l1.js';
import { createLengthReward, lengthOptions, lengthReward } from './length.js';
import { overlongPenalty, overlongPenaltyOptions } from './overlong-penalty.js';

const { signal } = new AbortController();
const exact = createExactAnswerVerifier();

function group(
  row: Record<string, unknown>,
  completions: readonly (readonly [string, number])[],
): RewardGroup {
  return {
    row,
    messages: [],
    completions: completions.map(([text, tokens]) => ({
      text,
      ids: new Int32Array(tokens),
      finishReason: 'stop' as const,
    })),
    step: 0,
  };
}

describe('length', () => {
  it('ranks right answers by length and never rewards wrong ones', () => {
    expect(lengthReward([10, 20, 30, 10], [true, true, true, false], 'corrected')).toEqual([0.5, 0, -0.5, 0]);
    expect(lengthReward([7, 7], [true, false], 'corrected')).toEqual([0, 0]);
  });

  it('abstains without a verdict, where the published one calls it right', () => {
    expect(lengthReward([10, 20], [null, false], 'corrected')).toEqual([null, -0.5]);
    expect(lengthReward([10, 20], [null, false], 'published')).toEqual([0.5, -0.5]);
  });

  it('measures tokens, where the published one measures characters', async () => {
    const completions = group({ answer: '5' }, [
      ['\\boxed{5} and much more text', 3],
      ['\\boxed{5}', 9],
    ]);
    const score = (mode: 'published' | 'corrected') =>
      createLengthReward(lengthOptions.parse({ mode }), exact).score(completions, signal);
    expect(await score('corrected')).toEqual([0.5, -0.5]);
    expect(await score('published')).toEqual([-0.5, 0.5]);
  });
});

describe('cosine', () => {
  const options = cosineOptions.parse({ maxLength: 100 });
  const published = cosineOptions.parse({ maxLength: 100, mode: 'published' });

  it('goes from the value at 0 to the one at the maximum and stays there', () => {
    expect([0, 100, 250].map((n) => cosineReward(n, true, options))).toEqual([1, 0.5, 0.5]);
    expect([0, 100, 250].map((n) => cosineReward(n, false, options))).toEqual([-1, -0.5, -0.5]);
    expect(cosineReward(50, true, options)).toBeCloseTo(0.75, 15);
  });

  it('as published rises again beyond the maximum and rewards short wrong answers most', () => {
    expect([0, 100, 200].map((n) => cosineReward(n, true, published))).toEqual([1, 0.5, 1]);
    expect([0, 100, 200].map((n) => cosineReward(n, false, published))).toEqual([0, -0.5, 0]);
  });

  it('abstains on an unreadable gold answer, which the published one rewards', async () => {
    const completions = group({ answer: '' }, [['\\boxed{5}', 10]]);
    expect(await createCosineReward(options, exact).score(completions, signal)).toEqual([null]);
    expect(await createCosineReward(published, exact).score(completions, signal)).toEqual([1]);
  });

  it('takes undecided for wrong as published, else abstains', async () => {
    const undecided: AnswerVerifier = {
      id: 'slow',
      verify: () => Promise.resolve({ verdict: 'undecided', reason: 'took too long' }),
    };
    const completions = group({ answer: '5' }, [['\\boxed{5}', 0]]);
    expect(await createCosineReward(options, undecided).score(completions, signal)).toEqual([null]);
    const [value] = await createCosineReward(published, undecided).score(completions, signal);
    expect(value).toBeLessThan(0);
  });
});

describe('l1', () => {
  const options = { mode: 'corrected', alpha: 0.01, delta: 0.5 } as const;

  it('exact prices the distance to the target, maximum clips what is left', () => {
    expect(l1Reward('l1_exact', [90, 110, 100], [true, true, false], 100, options)).toEqual([0.9, 0.9, 0]);
    expect(l1Reward('l1_max', [90, 160, 10, 10], [true, true, true, false], 100, options)).toEqual([
      0.6, 0, 1, 0,
    ]);
  });

  it('does not drop the reward where all are equally long, as the published one does', () => {
    expect(l1Reward('l1_exact', [100, 100], [true, false], 100, options)).toEqual([1, 0]);
    expect(l1Reward('l1_exact', [100, 100], [true, false], 100, { ...options, mode: 'published' })).toEqual([
      0, 0,
    ]);
  });

  it('takes the target from the options or from the row, and names a missing one', async () => {
    const completions = [['\\boxed{5}', 20]] as const;
    const reward = createL1Reward('l1_exact', l1Options.parse({ alpha: 0.01 }), exact);
    expect(await reward.score(group({ answer: 5, target_length: 10 }, completions), signal)).toEqual([0.9]);
    const fixed = createL1Reward('l1_exact', l1Options.parse({ alpha: 0.01, target: 20 }), exact);
    expect(await fixed.score(group({ answer: 5 }, completions), signal)).toEqual([1]);
    await expect(reward.score(group({ answer: 5 }, completions), signal)).rejects.toThrow(
      /REWARD_COLUMN[^]*"target_length"[^]*columns answer/,
    );
  });
});

it('a missing column with the answer is an error of the reward, not a wrong answer', async () => {
  const reward = createLengthReward(lengthOptions.parse({ gold: 'solution' }), exact);
  const failed = Promise.resolve(reward.score(group({ answer: '5' }, [['5', 1]]), signal));
  await expect(failed).rejects.toSatisfy((error) => DoppioError.is(error, 'REWARD_COLUMN'));
});

describe('overlong_penalty', () => {
  const options = { maxLength: 100, cache: 20 };

  it('falls from 0 to -1 over the cache', () => {
    expect([0, 80, 90, 100, 200].map((n) => overlongPenalty(n, options))).toEqual([0, 0, -0.5, -1, -1]);
  });

  it('rejects a cache that does not fit', () => {
    expect(() => overlongPenalty(1, { maxLength: 10, cache: 0 })).toThrow(/REWARD_OPTIONS/);
    expect(overlongPenaltyOptions.safeParse({ maxLength: 10, cache: 11 }).success).toBe(false);
  });
});
