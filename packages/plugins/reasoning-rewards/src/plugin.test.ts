import { AnswerVerifier, Reward, type PartContext, type PartDefinition, type Token } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import plugin from './plugin.js';

interface Contributed {
  readonly token: Token<unknown>;
  readonly part: PartDefinition<unknown>;
}
const parts: Contributed[] = [];
plugin.register({
  contribute: (token, part) => {
    parts.push({ token, part } as unknown as Contributed);
  },
});
const rewards = parts.filter(({ token }) => token.symbol === Reward.symbol).map(({ part }) => part);

function context(verifier: AnswerVerifier): PartContext {
  return {
    seed: 0,
    model: '',
    signal: new AbortController().signal,
    get: (token) => {
      expect(token.symbol).toBe(AnswerVerifier.symbol);
      return Promise.resolve(verifier as never);
    },
  };
}

const always: AnswerVerifier = { id: 'always', verify: () => ({ verdict: 'equal', reason: 'always' }) };

describe('plugin', () => {
  it('contributes every reward under the id it reports, with strict options', async () => {
    expect(rewards.map(({ id }) => id).sort()).toEqual([
      'cosine',
      'format',
      'l1_exact',
      'l1_max',
      'length',
      'overlong_penalty',
      'reasoning_steps',
      'repetition_penalty',
      'tag_count',
    ]);
    for (const part of rewards) {
      const given = part.id === 'overlong_penalty' ? { maxLength: 10, cache: 2 } : {};
      const reward = (await part.create(part.options.parse(given), context(always))) as Reward;
      expect(reward.id).toBe(part.id);
      expect(part.options.safeParse({ ...given, unknown: 1 }).success).toBe(false);
    }
  });

  it('asks the configured verifier only where the options say so', async () => {
    const part = rewards.find(({ id }) => id === 'cosine') as PartDefinition<unknown>;
    const group = {
      row: { answer: '1' },
      messages: [],
      completions: [{ text: 'nothing', ids: new Int32Array(0), finishReason: 'stop' as const }],
      step: 0,
    };
    const score = async (options: object) => {
      const reward = (await part.create(part.options.parse(options), context(always))) as Reward;
      return reward.score(group, new AbortController().signal);
    };
    expect(await score({ verify: 'configured' })).toEqual([1]);
    expect(await score({})).toEqual([-1]);
  });
});
