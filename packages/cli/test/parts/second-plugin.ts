import { definePlugin, Reward } from '@doppio/core';
import { z } from 'zod';

/** Claims an id that the other plugin of these tests has too. */
export default definePlugin({
  id: 'doppio-cli-second-plugin',
  api: 1,
  register({ contribute }) {
    contribute(Reward, {
      id: 'hash',
      description: 'Of an id that is taken',
      options: z.strictObject({}),
      create: () => ({ id: 'hash', score: ({ completions }) => completions.map(() => null) }),
    });
  },
});
