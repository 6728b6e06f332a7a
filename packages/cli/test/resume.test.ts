import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { doppio, startDoppio } from './support/run-doppio.js';
import { adapterBytes, readEvents, readJson, temporaryFolder, tinyRun } from './support/tiny-run.js';

const folder = temporaryFolder();
const whole = join(folder, 'whole');
const checkpoints = (run: string): string[] => readdirSync(join(run, 'checkpoints'));
const ofType = (run: string, type: string) => readEvents(run).filter((event) => event['type'] === type);

beforeAll(async () => {
  expect(await doppio(tinyRun(whole))).toMatchObject({ code: 0, stderr: '' });
});

describe.concurrent('a run that is killed (kill -9)', () => {
  it(
    'can be resumed from wherever it was, and ends with the same adapter, byte for byte',
    { timeout: 180_000 },
    async () => {
      const run = join(folder, 'killed');
      const killedAt = async (args: readonly string[], moment: string): Promise<void> => {
        const ended = await doppio(args, { env: { DOPPIO_TEST_SIGNAL: `SIGKILL ${moment}` } });
        expect(ended, moment).toMatchObject({ signal: 'SIGKILL' });
        // Nobody was there to give the lock back.
        expect(existsSync(join(run, 'run.lock')), moment).toBe(true);
      };
      const resume = ['train', '--resume', run];

      await killedAt(tinyRun(run), 'evaluation-progress');
      expect(existsSync(join(run, 'checkpoints'))).toBe(false);
      await killedAt(resume, 'sampling 2');
      expect(checkpoints(run)).toEqual(['step-000000']);
      await killedAt(resume, 'saving 2');
      expect(checkpoints(run)).toEqual([expect.stringMatching(/^\.step-000002\.new/), 'step-000000']);
      await killedAt(resume, 'checkpoint 2');
      expect(checkpoints(run)).toEqual(['step-000000', 'step-000002']);
      await killedAt(resume, 'phase evaluating');
      expect(existsSync(join(run, 'summary.json'))).toBe(false);

      const last = await doppio(resume);
      expect(last).toMatchObject({ code: 0, stderr: '' });
      expect(adapterBytes(run).equals(adapterBytes(whole))).toBe(true);
      expect(checkpoints(run)).toEqual(checkpoints(whole));
      expect(readdirSync(run).sort()).toEqual(readdirSync(whole).sort());

      // The base was measured once, and the totals are those of a run that was never killed.
      expect(ofType(run, 'evaluation').map(({ name }) => name)).toEqual(['base', 'final']);
      expect(ofType(run, 'run-started').map(({ resumedFrom }) => resumedFrom)).toEqual([0, 0, 0, 0, 2, 6]);
      const [summary, expected] = [readJson(run, 'summary.json'), readJson(whole, 'summary.json')] as Record<
        string,
        unknown
      >[];
      for (const key of ['status', 'seed', 'steps', 'comparisons', 'completion_tokens'])
        expect(summary?.[key], key).toEqual(expected?.[key]);
    },
  );
});

describe.concurrent('a run folder in use', () => {
  it('is refused to a second process; Ctrl-C stops the first after its step, and it ends as if never stopped', async () => {
    const run = join(folder, 'stopped');
    // Halted in the middle: it is there, holds its lock, and cannot end before the test has looked.
    const first = startDoppio(tinyRun(run), { env: { DOPPIO_TEST_SIGNAL: 'SIGSTOP step 3' } });
    await first.wrote(/^step 3\/6/m);
    const second = await doppio(['train', '--resume', run]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/^\[RUN_LOCKED\]/);
    expect(second.stderr).toContain(`process ${String(first.process.pid)}`);
    expect(second.stderr).toContain(join(run, 'run.lock'));

    first.process.kill('SIGINT');
    first.process.kill('SIGCONT');
    const stopped = await first.ended;
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.stderr).toContain('stopping after the running step');
    const [, done] = /stopped after step (\d) of 6; go on with$/m.exec(stopped.stderr) ?? [];
    expect(['3', '4']).toContain(done);
    expect(checkpoints(run)).toContain(`step-00000${String(done)}`);
    expect(existsSync(join(run, 'run.lock'))).toBe(false);
    expect(readJson(run, 'summary.json')).toMatchObject({
      status: 'stopped',
      steps: Number(done),
      final: {},
    });
    // Asked to, and done.
    expect(ofType(run, 'stopping')).toHaveLength(2);

    const [, resume] = /^ {2}node \S+ (train --resume .+)$/m.exec(stopped.stderr) ?? [];
    expect(await doppio((resume ?? '').split(' '))).toMatchObject({ code: 0, stderr: '' });
    expect(adapterBytes(run).equals(adapterBytes(whole))).toBe(true);
    expect(readJson(run, 'summary.json')).toMatchObject({ status: 'completed', steps: 6 });
  });

  it('stopped while the base is measured keeps that; asked to stop while the result is measured, it completes', async () => {
    const run = join(folder, 'evaluating');
    const env = { DOPPIO_TEST_SIGNAL: 'SIGINT phase evaluating' };
    const first = await doppio(tinyRun(run), { env });
    expect(first.code).toBe(130);
    expect(first.stderr).toContain('stopped after step 0 of 6');
    expect(ofType(run, 'evaluation')).toHaveLength(1);
    expect((await doppio(['train', '--resume', run], { env })).code).toBe(0);
    expect(readJson(run, 'summary.json')).toMatchObject({ status: 'completed', steps: 6 });
    expect(adapterBytes(run).equals(adapterBytes(whole))).toBe(true);
  });

  it('is not touched by a new run that was given its name', async () => {
    const before = readFileSync(join(whole, 'events.jsonl'), 'utf8');
    const again = await doppio(tinyRun(whole));
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/^\[RUN_EXISTS\]/);
    expect(again.stderr).toContain('--resume');
    expect(readFileSync(join(whole, 'events.jsonl'), 'utf8')).toBe(before);
  });
});

describe.concurrent('a configuration that was altered by hand', () => {
  const altered = (name: string, change: (config: Config) => void): string => {
    const run = join(folder, name);
    cpSync(whole, run, { recursive: true });
    const config = readJson(run, 'config.json') as Config;
    change(config);
    writeFileSync(join(run, 'config.json'), JSON.stringify(config));
    return run;
  };
  interface Config {
    seed: number;
    training: { steps: number; keepCheckpoints: number };
  }

  it('is refused where it would end with another adapter, with every key that has changed', async () => {
    const run = altered('altered', (config) => {
      config.seed = 4;
      config.training.steps = 8;
    });
    const { code, stderr } = await doppio(['train', '--resume', run]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\[CHECKPOINT_MISMATCH\]/);
    expect(stderr).toContain(join(run, 'config.json'));
    expect(stderr).toContain('seed is 4, was 0; training.steps is 8, was 6');
    expect(readEvents(run)).toEqual(readEvents(whole));
  });

  it('is taken where only what is kept has changed', async () => {
    const run = altered('kept', (config) => {
      config.training.keepCheckpoints = 1;
    });
    expect(await doppio(['train', '--resume', run])).toMatchObject({ code: 0, stderr: '' });
    expect(adapterBytes(run).equals(adapterBytes(whole))).toBe(true);
  });
});

describe.concurrent('damaged checkpoints', () => {
  it('are named and passed over for the newest intact one', async () => {
    const run = join(folder, 'damaged');
    cpSync(whole, run, { recursive: true });
    const tensors = (step: number): string =>
      join(run, 'checkpoints', `step-00000${String(step)}`, 'tensors.safetensors');
    const altered = readFileSync(tensors(6));
    altered[altered.length - 1]! ^= 1;
    writeFileSync(tensors(6), altered);
    truncateSync(tensors(4), 1000);
    appendFileSync(join(run, 'events.jsonl'), '{"type":"st');

    const { code, stdout } = await doppio(['train', '--resume', run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CHECKPOINT_SKIPPED: .*step-000006: the SHA-256 of tensors\.safetensors/m);
    expect(stdout).toMatch(/^CHECKPOINT_SKIPPED: .*step-000004: tensors\.safetensors has 1000 bytes/m);
    expect(stdout).toMatch(/^run .* resumed after step 2$/m);
    expect(ofType(run, 'warning').map((event) => event['code'])).toEqual([
      'CHECKPOINT_SKIPPED',
      'CHECKPOINT_SKIPPED',
    ]);
    expect(adapterBytes(run).equals(adapterBytes(whole))).toBe(true);
  });

  it('are named on standard error where standard output is JSON', async () => {
    const run = join(folder, 'damaged-json');
    cpSync(whole, run, { recursive: true });
    truncateSync(join(run, 'checkpoints', 'step-000006', 'manifest.json'), 20);
    const { code, stdout, stderr } = await doppio(['train', '--resume', run, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', steps: 6 });
    expect(stderr).toMatch(/^CHECKPOINT_SKIPPED: .*step-000006: manifest\.json/m);
  });
});
