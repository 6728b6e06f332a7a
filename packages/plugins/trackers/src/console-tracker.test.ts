import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent, StepMetrics } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { ConsoleTracker } from './console-tracker.js';
import { TestScreen } from '../test/screen.js';
import { duration, percent, sparkline, wrap } from './format.js';
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

const stepAt = (number: number, rewards: Record<string, number | null> = metrics.rewards): RunEvent => ({
  type: 'step',
  time: 0,
  metrics: { ...metrics, step: number, rewards },
});
const sampling = (number: number, finished: number): RunEvent => ({
  type: 'sampling',
  time: 0,
  step: number,
  tokens: 40 * finished,
  finished,
  total: 128,
});

describe('ConsoleTracker', () => {
  it('writes one plain line per step where there is no terminal', () => {
    let text = '';
    const tracker = new ConsoleTracker({ write: (part) => (text += part), isTTY: false, columns: 80 });
    tracker.onEvent(step);
    tracker.onEvent(sampling(4, 64));
    tracker.onEvent(stepAt(4, { answer: 0.5 }));
    const rest = 'length 23.4  entropy 0.250  drift 2e-6  12.3k tok/s  2 min 10 s left';
    expect(text).toBe(
      `step   3/200  reward 0.500 (answer 0.50, format -)  ${rest}\nstep   4/200  reward 0.500 (answer 0.50)  ${rest}\n`,
    );
  });

  describe('in a terminal', () => {
    const show = (
      columns: number,
      events: readonly RunEvent[],
    ): { lines: string[]; tracker: ConsoleTracker } => {
      const screen = new TestScreen(columns);
      const tracker = new ConsoleTracker({ write: screen.write, isTTY: true, columns });
      for (const event of events) tracker.onEvent(event);
      return { lines: screen.lines, tracker };
    };
    const plain = (lines: readonly string[]): string[] => lines.map((line) => line.trimEnd());

    it.each([40, 80, 120, 200])(
      'shows the newest step and what is under way, whole at %i columns',
      (columns) => {
        const { lines } = show(columns, [stepAt(3), sampling(4, 64)]);
        const text = lines.join('  ').replaceAll(/ +/g, ' ');
        for (const part of [
          'step 3/200',
          'reward 0.500 (answer 0.50, format -)',
          'length 23.4',
          'entropy 0.250',
          '12.3k tok/s',
          '2 min 10 s left',
          'step 4: sampling 64/128',
        ])
          expect(text).toContain(part);
        for (const line of lines) expect(line.length).toBeLessThan(columns);
      },
    );

    it.each([40, 80, 200])('leaves nothing behind but what stays, at %i columns', (columns) => {
      const events: RunEvent[] = [{ type: 'phase', time: 0, phase: 'training' }];
      for (let number = 1; number <= 12; number += 1)
        events.push(sampling(number, 10), sampling(number, 128), stepAt(number));
      events.push({ type: 'warning', time: 0, code: 'CODE', message: 'of\ntwo lines' });
      events.push({ type: 'run-finished', time: 0, status: 'completed', summary: {} });
      const { lines } = show(columns, events);
      const kept = plain(lines).filter((line) => !line.startsWith('  '));
      expect(kept.map((line) => line.slice(0, 14))).toEqual(
        ['training', 'step   1/200  ', 'step  10/200  ', 'CODE: of', 'two lines', 'run completed'].map(
          (line) => expect.stringMatching(new RegExp(`^${line.trimEnd()}`)) as string,
        ),
      );
      expect(lines.join('\n')).not.toContain('sampling');
    });

    it('says that it trains once everything is sampled', () => {
      expect(show(80, [sampling(1, 128)]).lines.at(-1)).toBe(
        'step 1: training on 128 completions, 5120 tokens',
      );
    });

    it('takes the live lines away when it is closed', () => {
      const screen = new TestScreen(80);
      const tracker = new ConsoleTracker({ write: screen.write, isTTY: true, columns: 80 });
      tracker.onEvent(stepAt(3));
      tracker.close();
      expect(screen.lines).toEqual(['']);
    });

    it('finds its lines again after the window was made narrower', () => {
      // As terminals do it: what stood there is wrapped anew.
      const [wide, narrow] = [new TestScreen(200), new TestScreen(60)];
      let screen = wide;
      const tracker = new ConsoleTracker({
        write: (text) => screen.write(text),
        isTTY: true,
        get columns() {
          return screen.columns;
        },
      });
      tracker.onEvent(stepAt(3));
      narrow.write(wide.lines.join('\n'));
      screen = narrow;
      tracker.onEvent({ type: 'run-finished', time: 0, status: 'stopped', summary: {} });
      expect(plain(narrow.lines)).toEqual(['run stopped']);
    });
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

  it('breaks lines between fields only', () => {
    expect(wrap('step   1/40  reward 0.5 (a 0.25, b 0.75)  2 min 10 s left', 30)).toEqual([
      'step   1/40',
      '  reward 0.5 (a 0.25, b 0.75)',
      '  2 min 10 s left',
    ]);
    expect(wrap('reward 0.5 (a 0.25, b 0.75)', 20)).toEqual(['reward 0.5 (a 0.25,', '  b 0.75)']);
    expect(wrap('short  line', 80)).toEqual(['short  line']);
  });
});
