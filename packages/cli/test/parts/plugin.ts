import { definePlugin, Reward, Tracker } from '@doppio/core';
import { z } from 'zod';
import { failingReward, FAILURES } from './failing-reward.js';
import { signalTracker } from './signal-tracker.js';

/** Parts that only these tests need, loaded by path as a stranger's plugin is. */
export default definePlugin({
  id: 'doppio-cli-test-parts',
  api: 1,
  register({ contribute }) {
    contribute(Reward, {
      id: 'hash',
      description: 'A number in [0, 1) that depends on the tokens alone and differs between completions',
      options: z.strictObject({}),
      create: () => ({
        id: 'hash',
        score: ({ completions }) => completions.map(({ ids }) => hash(ids)),
      }),
    });
    contribute(Reward, {
      id: 'failing',
      description: 'Fails in the way that it is told to',
      options: z.strictObject({ how: z.enum(FAILURES) }),
      create: ({ how }) => failingReward(how),
    });
    contribute(Tracker, {
      id: 'signal',
      description: 'Sends a signal to its own process at the moment that an environment variable names',
      options: z.strictObject({}),
      create: () => signalTracker(process.env['DOPPIO_TEST_SIGNAL']),
    });
    contribute(Tracker, {
      id: 'throwing',
      description: 'Throws at every event',
      options: z.strictObject({}),
      create: () => ({
        id: 'throwing',
        onEvent: ({ type }) => {
          throw new Error(`no room for a ${type} event`);
        },
      }),
    });
  },
});

/** FNV-1a. */
function hash(ids: Int32Array): number {
  let state = 0x811c9dc5;
  for (const id of ids) state = Math.imul(state ^ id, 0x01000193) >>> 0;
  return state / 2 ** 32;
}
