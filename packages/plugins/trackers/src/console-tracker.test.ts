import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent, StepMetrics } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { ConsoleTracker } from './console-tracker.js';
import { duration, percent, sparkline } from './format.js';
import { JsonLinesTracker } from './jsonl-tracker.js';

const metrics: StepMetrics = {
  step: 3,
  totalSteps: 200,
  reward: 0.5,
  rewards: { answer: 0.5, format: null },
  rewardStd: 0.1,
  zeroStdFraction: 0,
  loss: 0,
  gradNorm: 1,
  learningRate: 1e-3,
  entropy: 0.25,
  samplerDrift: { mean: 1e-7, max: 2e-6 },
  completionTokens: 3000,
  meanCompletionTokens: 23.4,
  truncatedFraction: 0,
  tokensPerSecond: 12345,
  seconds: { sample: 0.2, reward: 0, train: 0.4, total: 0.6 },
  secondsLeft: 130,
  extra: {},
};
const step: RunEvent = { type: 'step', time: 0, metrics };

function record(isTTY: boolean): { tracker: ConsoleTracker; text: () => string } {
  let text = '';
  return {
    tracker: new ConsoleTracker({ write: (part) => (text += part), isTTY, columns: 200 }),
    text: () => text,
  };
}

describe('ConsoleTracker', () => {
  it('writes one plain line per step where there is no terminal', () => {
    const { tracker, text } = record(false);
    tracker.onEvent(step);
    tracker.onEvent({ type: 'sampling', time: 0, step: 4, tokens: 1, finished: 0, total: 2 });
    expect(text()).toBe(
      'step   3/200  reward 0.500 (answer 0.50, format -)  length 23.4  entropy 0.250  drift 2e-6  12.3k tok/s  2 min 10 s left\n',
    );
  });

  it('keeps one live line in a terminal and never writes past its width', () => {
    const { tracker, text } = record(true);
    tracker.onEvent({ type: 'sampling', time: 0, step: 4, tokens: 10, finished: 1, total: 2 });
    expect(text()).toContain('sampling 1/2 completions');
    expect(text()).not.toContain('\n');
  });
});

describe('JsonLinesTracker', () => {
  it('appends events in order and leaves progress out', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'doppio-')), 'events.jsonl');
    const tracker = new JsonLinesTracker(path);
    tracker.onEvent(step);
    tracker.onEvent({ type: 'evaluation-progress', time: 0, name: 'x', finished: 1, total: 2 });
    tracker.onEvent({ type: 'stopping', time: 1, reason: 'asked' });
    await tracker.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as RunEvent).type)).toEqual(['step', 'stopping']);
  });

  it('fails loudly where it cannot write', async () => {
    const tracker = new JsonLinesTracker(join(tmpdir(), 'no-such-folder', 'deep', 'events.jsonl'));
    await expect(tracker.close()).rejects.toThrow(/ENOENT/);
  });
});

describe('format', () => {
  it('says durations and shares as people do', () => {
    expect([duration(8.4), duration(200), duration(7500), percent(0.4837)]).toEqual([
      '8 s',
      '3 min 20 s',
      '2 h 5 min',
      '48.4 %',
    ]);
    expect(sparkline([0, 1, 2, 3], 3)).toBe('▁▅█');
  });
});
