import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckpointState } from '../contracts/checkpoint.js';
import { EventLog, readEventLog } from '../run/event-log.js';
import { RunDirectory } from '../run/run-directory.js';
import { LocalCheckpointStore } from './local-checkpoint-store.js';

const mounted: string[] = [];

/** A new file system in memory of 256 KiB. Needs the right to mount. */
function smallDisk(): string {
  const path = mkdtempSync(join(tmpdir(), 'doppio-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    rmSync(path, { recursive: true });
    throw error;
  }
  mounted.push(path);
  return path;
}

function unmountAll(): void {
  for (const path of mounted.splice(0)) {
    execFileSync('umount', [path]);
    rmSync(path, { recursive: true });
  }
}

function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    smallDisk();
    unmountAll();
    return true;
  } catch {
    return false;
  }
}

function stateOf(step: number, values: number): CheckpointState {
  const tensors = new Map([['t', { shape: [values], data: new Float32Array(values).fill(step) }]]);
  return { step, cursor: { epoch: 0, row: step }, tensors, progress: {} };
}

const able = canMount();

describe.skipIf(!able)(`on a disk of its own${able ? '' : ' (skipped: this user may not mount one)'}`, () => {
  afterEach(unmountAll);

  it('a full disk fails one checkpoint, names itself, and leaves the earlier ones intact', async () => {
    const run = smallDisk();
    const store = new LocalCheckpointStore(run);
    await store.save(stateOf(1, 20_000));
    await store.save(stateOf(2, 20_000));
    await expect(store.save(stateOf(3, 40_000))).rejects.toMatchObject({
      code: 'CHECKPOINT_WRITE',
      facts: {
        where: join(run, 'checkpoints', 'step-000003'),
        seen: expect.stringContaining('ENOSPC') as string,
        fix: expect.stringContaining('free some space') as string,
      },
    });
    expect(readdirSync(join(run, 'checkpoints')).sort()).toEqual(['step-000001', 'step-000002']);
    expect(await store.latest()).toEqual({ state: stateOf(2, 20_000), skipped: [] });
    // Space came free: the next one succeeds.
    await store.save(stateOf(3, 100));
    expect((await store.latest()).state?.step).toBe(3);
  });

  it('a read-only disk fails checkpoints, and what is there can be read', async () => {
    const run = smallDisk();
    const store = new LocalCheckpointStore(run);
    await store.save(stateOf(1, 10));
    execFileSync('mount', ['-o', 'remount,ro', run]);
    await expect(store.save(stateOf(2, 10))).rejects.toMatchObject({
      code: 'CHECKPOINT_WRITE',
      facts: {
        seen: expect.stringContaining('EROFS') as string,
        fix: expect.stringContaining('read-only') as string,
      },
    });
    expect(await store.latest()).toEqual({ state: stateOf(1, 10), skipped: [] });
    await expect(RunDirectory.open(run, { resume: true })).rejects.toMatchObject({
      code: 'RUN_WRITE',
      facts: { seen: expect.stringContaining('EROFS') as string },
    });
  });

  it('a full disk leaves whole lines in the event log, and it goes on when there is space', async () => {
    const disk = smallDisk();
    const log = new EventLog(join(disk, 'events.jsonl'));
    const event = (length: number) => ({ type: 'phase', time: 0, phase: 'x'.repeat(length) }) as const;
    let written = 0;
    const fill = (length: number): void => {
      for (;;) {
        log.append(event(length));
        written += 1;
      }
    };
    expect(() => fill(5000)).toThrow(/ENOSPC/);
    expect(() => fill(300_000)).toThrow(/ENOSPC/);
    log.append(event(1));
    log.close();
    const { events, damaged } = await readEventLog(join(disk, 'events.jsonl'));
    expect(damaged).toBe(0);
    expect(events).toHaveLength(written + 1);
  });

  it('a full disk leaves the earlier summary in place', async () => {
    const run = await RunDirectory.open(smallDisk());
    await run.writeSummary({ reward: 1 });
    await expect(run.writeSummary('x'.repeat(400_000))).rejects.toMatchObject({ code: 'RUN_WRITE' });
    expect(await run.readSummary()).toEqual({ reward: 1 });
    expect(readdirSync(run.path).sort()).toEqual(['run.lock', 'summary.json']);
    await run.release();
  });
});
