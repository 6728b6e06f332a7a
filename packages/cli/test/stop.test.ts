import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { doppio, startDoppio } from './support/run-doppio.js';
import { readEvents, readJson, temporaryFolder, tinyRun } from './support/tiny-run.js';

const folder = temporaryFolder();

describe.concurrent('a run that is asked to stop', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('by %s ends as by Ctrl-C', async (signal) => {
    const run = join(folder, signal);
    const ended = await doppio(tinyRun(run), { env: { DOPPIO_TEST_SIGNAL: `${signal} step 2` } });
    expect(ended).toMatchObject({ code: 130, signal: null });
    expect(ended.stderr).toMatch(/stopped after step [23] of 6; go on with$/m);
    expect(readJson(run, 'summary.json')).toMatchObject({ status: 'stopped' });
    expect(existsSync(join(run, 'run.lock'))).toBe(false);
  });

  it('while it is loading leaves its folder free for the next try', async () => {
    const run = join(folder, 'loading');
    const running = startDoppio(tinyRun(run));
    while (!existsSync(join(run, 'run.lock'))) await sleep(5);
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 130, signal: null, stdout: '' });
    expect(ended.stderr).toMatch(/^stopping\nstopped before the first step$/m);
    expect(readdirSync(run)).toEqual([]);
  });

  // A terminal sends Ctrl-C to both npm and the program, and npm passes it on.
  it('below npm takes a signal that comes twice at once for one', async () => {
    const run = join(folder, 'npm');
    const running = startDoppio(tinyRun(run, 'training.steps=500'), {
      env: { npm_lifecycle_event: 'start' },
    });
    await running.wrote(/^step +1\/500/m);
    running.process.kill('SIGINT');
    await sleep(20);
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 130, signal: null });
    expect(ended.stderr).toMatch(/stopped after step \d+ of 500; go on with$/m);
  });

  it('twice while it is measured does not wait for the measurement', async () => {
    const run = join(folder, 'measured');
    const running = startDoppio(tinyRun(run, 'benchmarks.0.options.problems=5000'));
    await running.wrote(/^evaluating the base$/m);
    running.process.kill('SIGINT');
    await running.wrote(/stopping after the running step or evaluation/);
    const asked = performance.now();
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect(performance.now() - asked).toBeLessThan(5000);
    // By itself, or by its own signal where ONNX Runtime does not return in time.
    expect([ended.code, ended.signal]).toEqual(
      expect.arrayContaining([ended.code === null ? 'SIGINT' : 130]),
    );
    expect(ended.stderr).toMatch(/^stopped at once; go on from the last checkpoint with$/m);
    expect(readEvents(run).at(-1)).toMatchObject({ type: 'run-finished', status: 'stopped' });
  });

  it('says so as JSON where JSON was asked for', async () => {
    const run = join(folder, 'json');
    const running = startDoppio([...tinyRun(run), '--json'], {
      env: { DOPPIO_TEST_SIGNAL: 'SIGINT step 2' },
    });
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'stopped', seed: 0 });
  });
});

// /proc tells that it has halted: continued before, it would stay so.
it.skipIf(process.platform !== 'linux').concurrent('says how to go on with a run that failed', async () => {
  const run = join(folder, 'failed');
  const running = startDoppio(tinyRun(run), { env: { DOPPIO_TEST_SIGNAL: 'SIGSTOP step 1' } });
  await running.wrote(/^step 1\/6/m);
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${String(running.process.pid)}/status`, 'utf8')))
    await sleep(5);
  rmSync(join(run, 'checkpoints'), { recursive: true });
  writeFileSync(join(run, 'checkpoints'), 'in the way');
  running.process.kill('SIGCONT');
  const ended = await running.ended;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(
    /^the run failed; what it has saved is kept\. .* go on with\n {2}node \S+ train --resume \S+failed\n\[CHECKPOINT_WRITE\]/m,
  );
  expect(existsSync(join(run, 'run.lock'))).toBe(false);
  expect(readEvents(run).at(-1)).toMatchObject({ type: 'run-finished', status: 'failed' });
});
