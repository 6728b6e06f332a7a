import { definePlugin, Tracker } from '@doppio/core';
import { z } from 'zod';
import { ConsoleTracker } from './console-tracker.js';
import { JsonLinesTracker } from './jsonl-tracker.js';

export default definePlugin({
  id: '@doppio/trackers',
  api: 1,
  register({ contribute }) {
    contribute(Tracker, {
      id: 'console',
      description: 'Shows a run in the terminal; one plain line per step where there is none',
      options: z.strictObject({}),
      create: () =>
        new ConsoleTracker({
          write: (text) => process.stdout.write(text),
          // Terminals that say they are dumb cannot move the cursor.
          isTTY: process.stdout.isTTY && process.env['TERM'] !== 'dumb',
          get columns() {
            // 0 where nobody told the terminal its size.
            return process.stdout.columns || 80;
          },
        }),
    });
    contribute(Tracker, {
      id: 'jsonl',
      description: 'Appends every event to a file as JSON lines',
      options: z.strictObject({ path: z.string().min(1).describe('File to append to') }),
      create: ({ path }) => new JsonLinesTracker(path),
    });
  },
});
