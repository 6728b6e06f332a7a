import { definePlugin, Reward } from '@doppio/core';
import { z } from 'zod';

/** 1 for a completion of at most `tokens` tokens, falling linearly to 0 at twice that. */
export function brevity(length: number, tokens: number): number {
  return Math.min(1, Math.max(0, 2 - length / tokens));
}

export default definePlugin({
  id: '@doppio-examples/third-party-reward', // the package's name
  api: 1,
  register({ contribute }) {
    contribute(Reward, {
      id: 'brevity',
      description: 'Full marks up to a number of tokens, none from twice as many',
      options: z.strictObject({ tokens: z.int().positive().describe('Tokens that cost nothing') }),
      create: ({ tokens }) => ({
        id: 'brevity',
        score: ({ completions }) => completions.map(({ ids }) => brevity(ids.length, tokens)),
      }),
    });
  },
});
