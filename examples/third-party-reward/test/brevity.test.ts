import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginHost, Reward, type ScoredCompletion } from '@doppio/core';
import { afterAll, describe, expect, it } from 'vitest';
import { brevity } from '../src/index.js';
import { doppio } from './support/run-doppio.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'doppio-brevity-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const completion = (tokens: number): ScoredCompletion => ({
  text: '',
  ids: new Int32Array(tokens),
  finishReason: 'stop',
});

// First the function, by itself.
describe('brevity', () => {
  it.each([
    [0, 1],
    [10, 1],
    [12, 0.8],
    [15, 0.5],
    [20, 0],
    [1000, 0],
  ])('gives %i tokens of 10 the value %d', (length, value) => {
    expect(brevity(length, 10)).toBeCloseTo(value, 12);
  });
});

// Then the plugin, as the framework loads it and checks its options.
describe('the plugin', () => {
  async function load(options: object): Promise<Reward> {
    const host = new PluginHost();
    await host.loadPlugins(['./src/index.ts'], { from: folder });
    const [part] = await host.prepare([{ token: Reward, path: 'rewards[0]', use: 'brevity', options }]);
    const { signal } = new AbortController();
    // What a reward may ask for; this one asks for nothing.
    const context = { seed: 0, model: '', signal, get: () => Promise.reject(new Error('not in this test')) };
    return (await part?.create(context)) as Reward;
  }

  it('scores every completion of a group', async () => {
    const reward = await load({ tokens: 4 });
    const group = { row: {}, messages: [], completions: [2, 4, 5, 6, 8, 9].map(completion), step: 0 };
    expect(await reward.score(group, new AbortController().signal)).toEqual([1, 1, 0.75, 0.5, 0, 0]);
  });

  it.each([
    [{ tokens: 0 }, 'tokens'],
    [{ tokens: 'many' }, 'tokens'],
    [{}, 'tokens'],
    [{ tokens: 4, token: 5 }, 'token'],
  ])('refuses the options %j', async (options, named) => {
    await expect(load(options)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(new RegExp(`brevity[^]*\\b${named}\\b`)),
    });
  });
});

// Last the whole: a short training.
describe('doppio, with the configuration of this folder', () => {
  it('lists the reward', async () => {
    const { code, stdout } = await doppio(folder, 'plugins', '--plugin', './src/index.ts');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Reward +brevity +@doppio-examples\/third-party-reward +Full marks/);
  });

  it('trains with it', async () => {
    const out = join(scratch, 'run');
    const set = ['steps=2', 'promptsPerStep=2', 'groupSize=4'].flatMap((size) => [
      '--set',
      `training.${size}`,
    ]);
    const base = ['--set', 'evaluation.before=false', '--set', 'evaluation.after=false'];
    const ended = await doppio(
      folder,
      'train',
      '--config',
      'doppio.config.ts',
      '--out',
      out,
      ...set,
      ...base,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const events = readFileSync(join(out, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; metrics?: { rewards: Record<string, number> } });
    const values = events
      .filter(({ type }) => type === 'step')
      .map(({ metrics }) => metrics?.rewards['brevity']);
    expect(values).toHaveLength(2);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    expect(events.filter(({ type }) => type === 'reward-failed')).toEqual([]);
  });

  it('says what is wrong with an option, and starts no run', async () => {
    const rewards = JSON.stringify([{ use: 'brevity', options: { tokns: 30 } }]);
    const ended = await doppio(
      folder,
      'train',
      '--out',
      join(scratch, 'none'),
      '--set',
      `rewards=${rewards}`,
    );
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^\[OPTIONS_INVALID\]/);
    expect(ended.stderr).toMatch(/brevity[^]*tokns/);
  });
});
