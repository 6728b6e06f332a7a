import type { Reward, RewardValues } from '@doppio/core';

export const FAILURES = ['throws', 'rejects', 'hangs', 'short', 'not-a-number', 'text'] as const;
type Failure = (typeof FAILURES)[number];

const values: Readonly<Record<Failure, (count: number) => unknown>> = {
  throws: () => {
    throw new Error('the verifier is broken');
  },
  rejects: () => Promise.reject(new Error('the verifier is not reachable')),
  hangs: () => {
    process.stderr.write('hanging\n');
    return new Promise(() => undefined);
  },
  short: (count) => new Array(count - 1).fill(1),
  'not-a-number': (count) => new Array(count).fill(Number.NaN),
  text: (count) => new Array(count).fill('good'),
};

export function failingReward(how: Failure): Reward {
  return { id: how, score: ({ completions }) => values[how](completions.length) as RewardValues };
}
