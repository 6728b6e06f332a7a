import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startChild } from '../../test/children/start-child.js';
import { temporaryFolders } from '../../test/temporary-folder.js';
import { DoppioError } from '../errors/doppio-error.js';
import { RunDirectory } from './run-directory.js';

const folder = temporaryFolders();
const DEAD_PID = 2 ** 22 + 1;

function writeLock(run: string, change: object = {}): void {
  const lock = {
    pid: DEAD_PID,
    host: hostname(),
    since: '2026-01-01T00:00:00.000Z',
    token: 'old',
    ...change,
  };
  writeFileSync(join(run, 'run.lock'), JSON.stringify(lock));
}

describe('RunDirectory', () => {
  it('makes the folder, holds configuration and summary, and unlocks it', async () => {
    const path = join(folder(), 'deep', 'run');
    {
      await using run = await RunDirectory.open(path);
      expect(run).toMatchObject({ path, resumed: false });
      expect(await run.readConfig()).toBeUndefined();
      await run.writeConfig({ seed: 1 });
      await run.writeSummary({ status: 'completed' });
      await run.writeSummary({ status: 'stopped' });
      expect(readdirSync(path).sort()).toEqual(['config.json', 'run.lock', 'summary.json']);
    }
    expect(readdirSync(path).sort()).toEqual(['config.json', 'summary.json']);
    expect(JSON.parse(readFileSync(join(path, 'summary.json'), 'utf8'))).toEqual({ status: 'stopped' });
  });

  it('refuses a folder that is not empty unless it resumes', async () => {
    const path = folder();
    writeFileSync(join(path, 'config.json'), '{"seed": 3}');
    await expect(RunDirectory.open(path)).rejects.toMatchObject({
      code: 'RUN_EXISTS',
      facts: { where: path, seen: 'config.json', fix: expect.stringMatching(/--resume.*--out/) as string },
    });
    expect(readdirSync(path)).toEqual(['config.json']);
    const run = await RunDirectory.open(path, { resume: true });
    expect(run.resumed).toBe(true);
    expect(await run.readConfig()).toEqual({ seed: 3 });
    await run.release();
  });

  it('resumes an empty folder as a new run', async () => {
    const run = await RunDirectory.open(folder(), { resume: true });
    expect(run.resumed).toBe(false);
    await run.release();
    await run.release();
  });

  it('removes temporary files of a killed writer', async () => {
    const path = folder();
    writeFileSync(join(path, '.summary.json.0b0e7a3c-6a0f-4a53-9f57-0f1e6c1d2b3a.tmp'), '{"hal');
    const run = await RunDirectory.open(path);
    expect(readdirSync(path)).toEqual(['run.lock']);
    await run.release();
  });

  it('names a damaged configuration', async () => {
    const path = folder();
    writeFileSync(join(path, 'config.json'), '{"seed":');
    const run = await RunDirectory.open(path, { resume: true });
    await expect(run.readConfig()).rejects.toMatchObject({
      code: 'RUN_READ',
      facts: { where: join(path, 'config.json') },
    });
    await run.release();
  });

  it('says what is in the way where the folder cannot be made', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'run')]) {
      await expect(RunDirectory.open(path)).rejects.toMatchObject({
        code: 'RUN_WRITE',
        facts: { where: path, seen: expect.stringMatching(/ENOTDIR|EEXIST/) as string },
      });
    }
    if (process.platform === 'linux')
      await expect(RunDirectory.open('/proc/doppio/run')).rejects.toMatchObject({ code: 'RUN_WRITE' });
  });

  it('appends events over several attempts, whatever a kill left at the end', async () => {
    const path = folder();
    const event = (phase: string) => ({ type: 'phase', time: 1, phase }) as const;
    for (const [attempt, torn] of ['{"type":"pha', '\0\0\0', ''].entries()) {
      const run = await RunDirectory.open(path, { resume: true });
      const tracker = run.eventLogTracker();
      await tracker.onEvent(event(`${attempt} ${'ä'.repeat(3000)}`));
      await tracker.onEvent(event(String(attempt)));
      await tracker.close?.();
      await run.release();
      appendFileSync(join(path, 'events.jsonl'), torn);
    }
    const lines = readFileSync(join(path, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const phases = lines.map((line) => (JSON.parse(line) as { phase: string }).phase.slice(0, 3));
    expect(phases).toEqual(['0 ä', '0', '1 ä', '1', '2 ä', '2']);
  });
});

describe('the lock of a run folder', () => {
  it('names the process that holds it, also to the same process', async () => {
    const path = folder();
    const run = await RunDirectory.open(path);
    const again = RunDirectory.open(path, { resume: true });
    await expect(again).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      facts: {
        where: join(path, 'run.lock'),
        seen: expect.stringContaining(`process ${process.pid},`) as string,
      },
    });
    await run.release();
    await (await RunDirectory.open(path)).release();
  });

  it('keeps a second process out while the first lives, and is had at once after kill -9', async () => {
    const path = folder();
    const first = startChild('hold-lock.ts', path);
    expect(await first.nextLine()).toBe('held');
    await expect(RunDirectory.open(path)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      facts: {
        seen: expect.stringContaining(`process ${first.process.pid},`) as string,
        fix: expect.stringContaining(`kill ${first.process.pid}`) as string,
      },
    });
    await first.kill();
    const started = performance.now();
    const run = await RunDirectory.open(path);
    expect(performance.now() - started).toBeLessThan(1000);
    await run.release();
  });

  it('goes to exactly one of several processes that find a dead one', async () => {
    const path = folder();
    writeLock(path);
    const children = Array.from({ length: 3 }, () => startChild('hold-lock.ts', path));
    const outcomes = await Promise.all(children.map((child) => child.nextLine()));
    await Promise.all(children.map((child) => child.kill()));
    expect(outcomes.sort()).toEqual(['RUN_LOCKED', 'RUN_LOCKED', 'held']);
  });

  it('goes to exactly one of many takers within a process', async () => {
    for (let round = 0; round < 10; round += 1) {
      const path = folder();
      if (round % 2 === 0) writeLock(path);
      const takers = Array.from({ length: 8 }, () => RunDirectory.open(path, { resume: true }));
      const results = await Promise.allSettled(takers);
      const won = results.filter((result) => result.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(DoppioError.is(result.reason, 'RUN_LOCKED')).toBe(true);
      }
      await won[0]?.value.release();
      expect(readdirSync(path)).toEqual([]);
    }
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['torn', '{"pid": 12'],
    ['of another form', 'null'],
  ])('is taken over where it is %s', async (_, content) => {
    const path = folder();
    writeFileSync(join(path, 'run.lock'), content);
    await (await RunDirectory.open(path)).release();
    expect(existsSync(join(path, 'run.lock'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over where another process has got the same id since',
    async () => {
      const path = folder();
      writeLock(path, { pid: process.ppid, start: '1' });
      await (await RunDirectory.open(path)).release();
      writeLock(path, { pid: process.pid, start: '1' });
      await (await RunDirectory.open(path)).release();
    },
  );

  it('of another host stays, and the message says how to remove it', async () => {
    const path = folder();
    writeLock(path, { host: 'elsewhere.invalid' });
    await expect(RunDirectory.open(path)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      facts: {
        seen: expect.stringContaining('on host elsewhere.invalid') as string,
        fix: expect.stringContaining('delete') as string,
      },
    });
  });
});
