import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { spread } from './replicas.js';

const items = Array.from({ length: 9 }, (_, i) => i);

describe('spread', () => {
  it.each([1, 2, 3, 20])('gives each item to one of %i replicas, and turns in order', async (count) => {
    const replicas = Array.from({ length: count }, (_, i) => ({ place: i, busy: false }));
    const turns: number[] = [];
    await spread(items, replicas, async (item, replica, turn) => {
      expect(replica.place).toBe(item % count);
      expect(replica.busy).toBe(false);
      replica.busy = true;
      // Later items are done first; every third needs no turn.
      await sleep(20 - 2 * item);
      replica.busy = false;
      if (item % 3 === 2) return;
      await turn();
      turns.push(item);
    });
    expect(turns).toEqual(items.filter((item) => item % 3 !== 2));
  });

  it('throws the first error when nothing is under way any more, and begins nothing after it', async () => {
    const begun: number[] = [];
    const done: number[] = [];
    const failing = spread(items, ['a', 'b'], async (item, _, turn) => {
      begun.push(item);
      await sleep(item === 3 ? 1 : 15);
      if (item === 3) throw new Error('third');
      await turn();
      done.push(item);
    });
    await expect(failing).rejects.toThrow('third');
    expect(begun).toEqual([0, 1, 2, 3]);
    expect(done).toEqual([0, 1]);
  });

  it('does nothing with nothing', async () => {
    await spread([], ['a'], () => Promise.reject(new Error('called')));
  });
});
