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
          isTTY: process.stdout.isTTY,
          columns: process.stdout.columns,
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
