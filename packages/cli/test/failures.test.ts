import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from './support/command-line.js';
import { doppio, startDoppio, type Ended } from './support/run-doppio.js';
import { readEvents, readJson, sets, temporaryFolder, testParts, tinyRun } from './support/tiny-run.js';

const folder = temporaryFolder();
const short = ['training.steps=2', 'evaluation={"before":false,"after":false}'];
const failing = (how: string, more: object = {}): object => ({ use: 'failing', options: { how }, ...more });

interface Metrics {
  readonly reward: number | null;
  readonly rewards: Readonly<Record<string, number | null>>;
}
const metricsOf = (run: string): Metrics[] =>
  readEvents(run)
    .filter(({ type }) => type === 'step')
    .map(({ metrics }) => metrics as Metrics);

describe('rewards and trackers of a plugin that fail', () => {
  const run = join(folder, 'failing-parts');
  let ended: Ended;
  beforeAll(async () => {
    const rewards = [
      'arithmetic-answer',
      failing('throws'),
      failing('rejects'),
      failing('short'),
      failing('not-a-number'),
      failing('text'),
      failing('hangs', { deadlineSeconds: 0.2 }),
    ];
    ended = await doppio(
      tinyRun(run, ...short, `rewards=${JSON.stringify(rewards)}`, 'trackers=["throwing","console"]'),
    );
  });

  it('do not stop the run', () => {
    expect(ended.code).toBe(0);
    expect(readJson(run, 'summary.json')).toMatchObject({ status: 'completed', steps: 2 });
  });

  it('a reward abstains: null in the metrics, never 0, and the others count as they would alone', () => {
    const steps = metricsOf(run);
    expect(steps).toHaveLength(2);
    for (const { reward, rewards } of steps) {
      expect(rewards).toEqual({
        'arithmetic-answer': reward,
        throws: null,
        rejects: null,
        short: null,
        'not-a-number': null,
        text: null,
        hangs: null,
      });
      expect(reward).toBeGreaterThanOrEqual(0);
    }
  });

  it('a reward is told of, with its reason, for every group', () => {
    const failures = readEvents(run).filter(({ type }) => type === 'reward-failed');
    // Two steps of two groups.
    expect(failures).toHaveLength(2 * 2 * 6);
    const messages = Object.fromEntries(failures.map(({ reward, message }) => [reward, message as string]));
    expect(messages['throws']).toBe('the verifier is broken');
    expect(messages['rejects']).toBe('the verifier is not reachable');
    expect(messages['short']).toMatch(/^\[REWARD_VALUES\][^]*3 for 4 completions/);
    expect(messages['not-a-number']).toMatch(/^\[REWARD_VALUES\][^]*NaN/);
    expect(messages['text']).toMatch(/^\[REWARD_VALUES\][^]*good/);
    expect(messages['hangs']).toMatch(/^\[REWARD_DEADLINE\][^]*0\.2 s/);
    expect(ended.stdout).toMatch(/^reward throws abstained at step 1: the verifier is broken$/m);
  });

  it('a tracker is told of once, to people and to the other trackers', () => {
    expect(ended.stderr.match(/throwing/g)).toHaveLength(1);
    expect(ended.stderr).toContain('no room for a run-started event');
    const warnings = readEvents(run).filter(({ type }) => type === 'warning');
    expect(warnings).toEqual([expect.objectContaining({ code: 'TRACKER_FAILED' })]);
    expect(ended.stdout).toMatch(/^TRACKER_FAILED: Tracker "throwing" failed on a "run-started" event/m);
  });
});

it.concurrent('has no reward at all, and not 0, where every reward abstains', async () => {
  const run = join(folder, 'no-verdict');
  const { code, stdout } = await doppio(
    tinyRun(run, ...short, `rewards=${JSON.stringify([failing('throws')])}`, 'trackers=["console"]'),
  );
  expect(code).toBe(0);
  expect(metricsOf(run)).toEqual([
    expect.objectContaining({ reward: null, rewards: { throws: null } }),
    expect.objectContaining({ reward: null, rewards: { throws: null } }),
  ]);
  expect(stdout).toMatch(/^step 1\/2 {2}reward - \(throws -\) {2}/m);
});

it.concurrent('stops at once at the second Ctrl-C, also while a reward hangs', async () => {
  const run = join(folder, 'twice');
  const running = startDoppio(tinyRun(run, `rewards=${JSON.stringify([failing('hangs')])}`));
  await running.wrote(/^hanging$/m);
  running.process.kill('SIGINT');
  await running.wrote(/stopping after the running step/);
  running.process.kill('SIGINT');
  const { code, signal, stderr } = await running.ended;
  expect({ code, signal }).toEqual({ code: 130, signal: null });
  expect(stderr).toMatch(/go on from the last checkpoint with\n {2}node \S+ train --resume \S+twice$/m);
  expect(existsSync(join(run, 'run.lock'))).toBe(false);
  expect(readdirSync(join(run, 'checkpoints'))).toEqual(['step-000000']);
  expect(readEvents(run).at(-1)).toMatchObject({ type: 'run-finished', status: 'stopped' });
});

it.concurrent('goes on when nobody reads its output any more', async () => {
  const run = join(folder, 'unread');
  const running = startDoppio(tinyRun(run, ...short));
  await running.wrote(/^run /m);
  running.process.stdout?.destroy();
  expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  expect(readJson(run, 'summary.json')).toMatchObject({ status: 'completed' });
});

it.concurrent(
  'resumes a run whose parts were given in code from its configuration file, unless that has changed',
  async () => {
    const place = join(folder, 'in-code');
    mkdirSync(place);
    const config = (steps: number): void =>
      writeFileSync(
        join(place, 'doppio.config.mjs'),
        `const reward = { id: 'brevity', score: ({ completions }) => completions.map(({ ids }) => -ids.length) };
       export default { rewards: [{ use: reward, weight: 0.5 }], out: 'run', training: { steps: ${String(steps)} } };`,
      );
    config(2);
    const run = join(place, 'run');
    const args = ['train', '--preset', 'nano', ...sets(...short.slice(1), 'training.promptsPerStep=1')];
    expect(await doppio(args, { cwd: place })).toMatchObject({ code: 0, stderr: '' });
    const resume = ['train', '--resume', run, '--json'];
    const resumed = await doppio(resume);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'completed', steps: 2 });
    config(3);
    const refused = await doppio(resume);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'CLI_RESUME', where: join(place, 'doppio.config.mjs') },
    });
  },
);

describe('what a user gets wrong', () => {
  const train = (out: string, ...set: string[]): string[] => [
    ...['train', '--preset', 'nano', '--out', out],
    ...sets(...set),
  ];
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const second = fileURLToPath(new URL('parts/second-plugin.ts', import.meta.url));

  interface Mistake {
    readonly title: string;
    readonly args: (out: string) => string[];
    readonly code: number;
    readonly says: readonly (string | RegExp)[];
  }
  it.concurrent.each<Mistake>([
    {
      title: 'a configuration key that nobody knows: the nearest one and the file',
      args: () => ['train', '--config', write('typo.yaml', 'model: m\ntraining:\n  promtsPerStep: 3\n')],
      code: 2,
      says: ['[CONFIG_UNKNOWN_KEY]', 'did you mean training.promptsPerStep?', join(folder, 'typo.yaml')],
    },
    {
      title: 'parts that are missing or there twice: all of them, with what is available',
      args: (out) => [
        ...train(
          out,
          'rewards=["arithmetic-anser","hash"]',
          'benchmarks=["gsm8k"]',
          `plugins=${JSON.stringify([testParts, second])}`,
        ),
      ],
      code: 2,
      says: [
        '[PARTS_UNRESOLVED] 3 parts cannot be resolved.',
        /Reward "hash" is contributed 2 times: by doppio-cli-test-parts and doppio-cli-second-plugin/,
        /rewards\[0\]: no Reward "arithmetic-anser".*arithmetic-answer/,
        /benchmarks\[0\]: no Benchmark "gsm8k".*arithmetic/,
      ],
    },
    {
      title: 'options that a part does not have',
      args: (out) => train(out, 'adapter.options.ranks=8', 'benchmarks.0.options.problems=0'),
      code: 2,
      says: ['[OPTIONS_INVALID] 2 options', /did you mean \S*rank\b/, 'problems'],
    },
    {
      title: '--set without a value',
      args: (out) => train(out, 'training.steps'),
      code: 2,
      says: ['[CONFIG_SET]', 'training.steps', '--set training.steps=50'],
    },
    {
      title: 'a flag that is no number',
      args: (out) => [...train(out), '--steps', 'many'],
      code: 2,
      says: ['--steps', 'must be an integer of at least 1'],
    },
    {
      title: 'a command that does not exist',
      args: () => ['trian'],
      code: 2,
      says: ["unknown command 'trian'", 'Did you mean train?', '(doppio --help shows what there is)'],
    },
    {
      title: 'a flag that does not exist',
      args: () => ['config', 'print', '--stepz', '3'],
      code: 2,
      says: [
        "unknown option '--stepz'",
        'Did you mean --steps?',
        '(doppio config print --help shows what there is)',
      ],
    },
    {
      title: 'a share that is none',
      args: () => ['sample', '--model', folder, '--top-p', '0'],
      code: 2,
      says: ['--top-p', 'must be a number above 0, up to 1'],
    },
    {
      title: 'a plugin that does not exist',
      args: (out) => train(out, `plugins=["./no/such/plugin.ts"]`),
      code: 2,
      says: ['[PLUGIN_NOT_FOUND]', join(process.cwd(), 'no/such/plugin.ts')],
    },
    {
      title: 'resuming what is no run',
      args: () => ['train', '--resume', folder],
      code: 2,
      says: ['[CLI_RESUME] there is no run', folder],
    },
    {
      title: 'resuming with another configuration',
      args: () => ['train', '--resume', folder, '--seed', '4'],
      code: 2,
      says: ['[CLI_RESUME] --resume takes the configuration of the run', '--seed', 'node '],
    },
    {
      title: 'a model that is not there',
      args: (out) => train(out, `model=${join(folder, 'no-model')}`),
      code: 1,
      says: [/^\[MODEL_MISSING\]/, join(folder, 'no-model')],
    },
    {
      title: 'a run folder below a file',
      args: () => ['train', '--preset', 'nano', '--out', join(write('file.txt', ''), 'run')],
      code: 1,
      says: ['[RUN_WRITE]', join(folder, 'file.txt', 'run'), '--out'],
    },
  ])('$title', async ({ title, args, code, says }) => {
    const out = join(folder, title);
    const ended = await doppio(args(out));
    expect(ended).toMatchObject({ code, stdout: '' });
    for (const part of says)
      if (typeof part === 'string') expect(ended.stderr).toContain(part);
      else expect(ended.stderr).toMatch(part);
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
    // Nothing is in the way of the next try.
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });

  it.concurrent('as one JSON object, where a program may read it', async () => {
    for (const [args, what] of [
      [['train', '--stepz', '3'], "unknown option '--stepz' (Did you mean --steps?)"],
      [['bench', 'grpo'], "required option '--model <folder>' not specified"],
      [['bench', 'decode', '--model', folder, '--batch', '0'], /--batch .* must be an integer of at least 1/],
    ] as const) {
      const { code, stdout } = await doppio([...args, '--json']);
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toEqual({
        error: { code: 'CLI_USAGE', what: typeof what === 'string' ? what : expect.stringMatching(what) },
      });
    }
  });

  it.skipIf(!existsSync('/dev/full'))(
    'output that cannot be written: exit code 1, and nothing is lost',
    () => {
      const run = join(folder, 'full');
      const full = openSync('/dev/full', 'w');
      const ended = spawnSync(process.execPath, [...commandLine, ...tinyRun(run, ...short)], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect(ended.stderr).toMatch(/^some of the output could not be written: ENOSPC/m);
      expect(ended.status).toBe(1);
      expect(readJson(run, 'summary.json')).toMatchObject({ status: 'completed' });
    },
  );

  // To root every folder is writable; /proc is the one where even root cannot make any.
  it.skipIf(process.platform !== 'linux')('a run folder that cannot be made', async () => {
    const ended = await doppio(['train', '--preset', 'nano', '--out', '/proc/doppio', '--json']);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'RUN_WRITE', where: '/proc/doppio' } });
  });
});
