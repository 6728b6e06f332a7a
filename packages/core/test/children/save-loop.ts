// Opens the run folder argv[2] as a resumed run would and saves checkpoints until it is killed.
import { LocalCheckpointStore } from '../../src/checkpoint/local-checkpoint-store.js';
import { RunDirectory } from '../../src/run/run-directory.js';

const path = process.argv[2] as string;
const size = Number(process.argv[3] ?? 20_000);
const run = await RunDirectory.open(path, { resume: true });
const log = run.eventLogTracker();
const store = new LocalCheckpointStore(path, { keep: 2 });
const { state, skipped } = await store.latest();
if (skipped.length > 0) throw new Error(JSON.stringify(skipped));
for (let step = (state?.step ?? 0) + 1; ; step += 1) {
  const tensors = new Map([['parameter/a', { shape: [size], data: new Float32Array(size).fill(step) }]]);
  const next = { step, cursor: { epoch: 0, row: step }, tensors, progress: { total: step } };
  // Twice, so that kills also hit the replacement of a checkpoint.
  await store.save(next);
  await store.save(next);
  await log.onEvent({ type: 'checkpoint', time: Date.now(), step, path: store.pathOf(step) });
  process.stdout.write(`${step}\n`);
}
