import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startChild } from '../../test/children/start-child.js';
import { temporaryFolders } from '../../test/temporary-folder.js';
import { readEventLog } from '../run/event-log.js';
import { LocalCheckpointStore } from './local-checkpoint-store.js';

const folder = temporaryFolders();

describe('a run that is killed (kill -9) again and again while it saves', () => {
  it(
    'never loses a finished checkpoint, leaves no half ones, and can be resumed at once',
    { timeout: 120_000 },
    async () => {
      const run = folder();
      let reached = 0;
      for (let round = 0; round < 10; round += 1) {
        // Different sizes, so that the kills hit different places.
        const child = startChild('save-loop.ts', run, String([100, 20_000, 1_000_000][round % 3]));
        await child.nextLine();
        await sleep(Math.random() * 60);
        await child.kill();
        const reported = Number(child.lines.at(-1));
        expect(reported).toBeGreaterThan(reached);

        const { state, skipped } = await new LocalCheckpointStore(run, { keep: 2 }).latest();
        expect(skipped).toEqual([]);
        reached = state?.step ?? -1;
        // The one under way may have been finished, but not yet been reported.
        expect(reached).toBeGreaterThanOrEqual(reported);
        expect(reached).toBeLessThanOrEqual(reported + 1);
        expect(state?.cursor.row).toBe(reached);
        expect(state?.tensors.get('parameter/a')?.data.every((value) => value === reached)).toBe(true);
        const names = readdirSync(join(run, 'checkpoints'));
        expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
        expect(names.length).toBeLessThanOrEqual(3);

        const { events, damaged } = await readEventLog(join(run, 'events.jsonl'));
        expect(damaged).toBe(0);
        expect(events.at(-1)).toMatchObject({ type: 'checkpoint' });
      }
    },
  );
});
