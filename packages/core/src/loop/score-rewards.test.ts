import { describe, expect, it } from 'vitest';
import type { Reward, RewardGroup, RewardValues } from '../contracts/index.js';
import type { RunEvent, WithoutTime } from '../events/events.js';
import { scoreRewards } from './score-rewards.js';

const group = (count: number): RewardGroup => ({
  row: {},
  messages: [],
  step: 7,
  completions: Array.from({ length: count }, (_, i) => ({
    text: String(i),
    ids: Int32Array.of(i),
    finishReason: 'stop',
  })),
});

type Score = Reward['score'];

async function score(
  scores: readonly Score[],
  { deadlineSeconds = 5, signal = new AbortController().signal } = {},
): Promise<{ values: (number | null)[][]; failed: string[] }> {
  const events: WithoutTime<RunEvent>[] = [];
  const rewards = scores.map((each, i) => ({
    reward: { id: `r${String(i)}`, score: each },
    weight: 1,
    deadlineSeconds,
  }));
  const values = await scoreRewards([group(2), group(3)], rewards, (event) => events.push(event), signal);
  const failed = events.map((event) =>
    event.type === 'reward-failed' ? `${event.reward}@${String(event.step)}: ${event.message}` : event.type,
  );
  return { values, failed };
}

describe('scoreRewards', () => {
  it('gives a row per completion and a column per reward, groups one after the other', async () => {
    const { values, failed } = await score([
      ({ completions }) => completions.map(({ ids }) => ids[0] ?? NaN),
      async ({ completions }) => {
        await Promise.resolve();
        return completions.map((_, i) => (i === 1 ? null : -1));
      },
    ]);
    expect(values).toEqual([
      [0, -1],
      [1, null],
      [0, -1],
      [1, null],
      [2, -1],
    ]);
    expect(failed).toEqual([]);
  });

  it.each<[string, Score, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('no network');
      },
      /no network/,
    ],
    ['rejects', () => Promise.reject(new Error('no disk')), /no disk/],
    [
      'throws what has no text',
      () => {
        throw Object.create(null) as Error;
      },
      /./,
    ],
    ['gives too few', () => [1], /1 for 2 completions|1 for 3 completions/],
    ['gives NaN', ({ completions }) => completions.map(() => NaN), /NaN/],
    ['gives infinity', ({ completions }) => completions.map(() => Infinity), /Infinity/],
    [
      'gives text',
      ({ completions }) => completions.map(() => '1') as unknown as RewardValues,
      /completion 0/,
    ],
    [
      'gives undefined',
      ({ completions }) => completions.map(() => undefined) as unknown as RewardValues,
      /completion 0/,
    ],
    ['leaves holes', ({ completions }) => new Array<number>(completions.length), /completion 0/],
    ['gives no list', () => ({ length: 2 }) as unknown as RewardValues, /object/],
    ['hangs', () => new Promise(() => undefined), /0\.05 s/],
  ])('abstains, and says so, where a reward %s', async (_, bad, message) => {
    const good: Score = ({ completions }) => completions.map(() => 1);
    const { values, failed } = await score([good, bad], { deadlineSeconds: 0.05 });
    expect(values).toEqual(Array.from({ length: 5 }, () => [1, null]));
    expect(failed).toHaveLength(2);
    for (const each of failed) {
      expect(each).toMatch(/^r1@7: /);
      expect(each).toMatch(message);
    }
  });

  it('tells a reward that its time is over', async () => {
    const reasons: unknown[] = [];
    await score(
      [
        (_, signal) =>
          new Promise(() => {
            signal.addEventListener('abort', () => reasons.push(signal.reason));
          }),
      ],
      { deadlineSeconds: 0.02 },
    );
    expect(reasons).toHaveLength(2);
    expect(reasons[0]).toMatchObject({ code: 'REWARD_DEADLINE' });
  });

  it('ends with the run, which is no failure of the reward', async () => {
    const stop = new AbortController();
    const running = score([() => new Promise(() => undefined)], { signal: stop.signal });
    stop.abort(new Error('asked to stop'));
    await expect(running).rejects.toThrow('asked to stop');
  });

  it('passes on what a reward says and counts, under its name, until its time is over', async () => {
    const events: WithoutTime<RunEvent>[] = [];
    const counts = new Map<string, number>();
    const late: RewardGroup['report'][] = [];
    const scores: Score[] = [
      ({ report, completions }) => {
        report?.warn('ODD_ROW', 'look at it');
        report?.count('odd');
        report?.count('long', completions.length);
        return completions.map(() => 1);
      },
      ({ report }) => {
        late.push(report);
        return new Promise(() => undefined);
      },
    ];
    const rewards = scores.map((each) => ({
      reward: { id: 'r', score: each },
      weight: 1,
      deadlineSeconds: 0.02,
    }));
    const { signal } = new AbortController();
    await scoreRewards([group(2), group(3)], rewards, (event) => events.push(event), signal, counts);
    for (const report of late) report?.count('odd');
    expect([...counts]).toEqual([
      ['reward/r/odd', 2],
      ['reward/r/long', 5],
    ]);
    expect(events.filter(({ type }) => type === 'warning')).toEqual([
      { type: 'warning', code: 'ODD_ROW', message: 'reward r: look at it' },
      { type: 'warning', code: 'ODD_ROW', message: 'reward r: look at it' },
    ]);
  });
});
