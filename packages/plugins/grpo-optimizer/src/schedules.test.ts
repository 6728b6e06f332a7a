import { describe, expect, it } from 'vitest';
import { ScheduleOptions } from './schedule-options.js';
import { scheduleMultiplier, type Schedule } from './schedules.js';

describe('scheduleMultiplier', () => {
  it('is that of the Tina recipe: a tenth of the run up, then a cosine down to a tenth', () => {
    const schedule: Schedule = { name: 'cosine_with_min_lr', warmupRatio: 0.1, minRate: 0.1 };
    const at = (step: number): number => scheduleMultiplier(schedule, step, 5000, 1e-6);
    expect([at(0), at(250), at(500), at(2750), at(5000)].map((value) => Number(value.toFixed(12)))).toEqual([
      0, 0.5, 1, 0.55, 0.1,
    ]);
  });

  it('rounds a warm-up given as a ratio up', () => {
    expect(scheduleMultiplier({ name: 'linear', warmupRatio: 0.1 }, 1, 11, 1)).toBe(0.5);
  });

  it('starts a decay that is longer than the rest of the run part of the way down', () => {
    const schedule: Schedule = { name: 'warmup_stable_decay', warmupSteps: 4, decaySteps: 8 };
    expect(scheduleMultiplier(schedule, 4, 10, 1)).toBe(0.75);
  });
});

describe('ScheduleOptions', () => {
  it.each([
    [{ name: 'exponential' }],
    [{ name: 'linear', minRate: 0.1 }],
    [{ name: 'linear', warmupSteps: 1, warmupRatio: 0.1 }],
    [{ name: 'warmup_stable_decay' }],
    [{ name: 'cosine', warmupSteps: -1 }],
  ])('refuses %j', (options) => {
    expect(ScheduleOptions.safeParse(options).success).toBe(false);
  });
});
