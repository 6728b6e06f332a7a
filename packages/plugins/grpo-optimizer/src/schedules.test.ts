import { describe, expect, it } from 'vitest';
import { GrpoOptionsSchema } from './options.js';
import { ScheduleOptions, type Schedule } from './schedule-options.js';
import { scheduleMultiplier } from './schedules.js';

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
    const schedule: Schedule = {
      name: 'warmup_stable_decay',
      warmupSteps: 4,
      decaySteps: 8,
      decayType: 'linear',
    };
    expect(scheduleMultiplier(schedule, 4, 10, 1)).toBe(0.75);
  });

  // get_scheduler of transformers 5.23, learning rate 2e-4, steps 0, 2, 7, 15 and 20 of 20.
  it.each<[Schedule, readonly number[]]>([
    [{ name: 'cosine', warmupSteps: 4, cycles: 1.5 }, [0, 0.5, 0.402454838992, 0.990392640202, 0]],
    [
      { name: 'cosine_with_min_lr', warmupSteps: 4, minLearningRate: 2e-5 },
      [0, 0.5, 0.924161325536, 0.299993395141, 0.1],
    ],
    [
      { name: 'cosine_warmup_with_min_lr', warmupSteps: 4, minRate: 0.1 },
      [0.25, 0.75, 0.868198051534, 0.231801948466, 0.108646623819],
    ],
    [
      { name: 'cosine_warmup_with_min_lr', warmupSteps: 4, minRate: 0.1, warmupRate: 0.4 },
      [0.4, 0.8, 0.868198051534, 0.231801948466, 0.108646623819],
    ],
    [
      { name: 'warmup_stable_decay', warmupSteps: 4, decaySteps: 8, minRate: 0.1 },
      [0.1, 0.55, 1, 0.722207544564, 0.1],
    ],
    [
      { name: 'warmup_stable_decay', warmupSteps: 4, decaySteps: 8, stableSteps: 2 },
      [0, 0.5, 0.961939766256, 0, 0],
    ],
  ])('is that of Transformers: %j', (schedule, expected) => {
    [0, 2, 7, 15, 20].forEach((step, i) => {
      expect(scheduleMultiplier(schedule, step, 20, 2e-4)).toBeCloseTo(expected[i] as number, 9);
    });
  });
});

describe('ScheduleOptions', () => {
  it.each([
    [{ name: 'exponential' }],
    [{ name: 'linear', minRate: 0.1 }],
    [{ name: 'linear', warmupSteps: 1, warmupRatio: 0.1 }],
    [{ name: 'warmup_stable_decay' }],
    [{ name: 'cosine', warmupSteps: -1 }],
    [{ name: 'cosine_with_min_lr', minRate: 0.1, minLearningRate: 1e-7 }],
  ])('refuses %j', (options) => {
    expect(ScheduleOptions.safeParse(options).success).toBe(false);
  });

  it.each(['reduce_lr_on_plateau', 'greedy'])('refuses %s by name: it follows a metric', (name) => {
    expect(() => ScheduleOptions.parse({ name })).toThrow(`${name} follows a metric`);
  });

  it('refuses a schedule that ends above its peak', () => {
    const parse = (learningRate: number, schedule: object): boolean =>
      GrpoOptionsSchema.safeParse({ learningRate, schedule }).success;
    expect(parse(1e-8, { name: 'polynomial' })).toBe(false);
    expect(parse(1e-6, { name: 'polynomial' })).toBe(true);
    expect(parse(1e-6, { name: 'cosine_with_min_lr', minLearningRate: 1e-5 })).toBe(false);
  });
});
