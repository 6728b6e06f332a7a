import { DoppioError } from '@doppio/core';
import { ScheduleOptions } from '../schedule-options.js';
import { scheduleMultiplier } from '../schedules.js';
import type { ParityResult } from './compare.js';

/** Golden multipliers of steps 0 to totalSteps, that one included. */
export interface ScheduleCase {
  readonly scheduler: string;
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** What `warmupSteps` was computed from. */
  readonly warmupRatio?: number;
  readonly baseLr: number;
  readonly options?: Readonly<Record<string, number | string>>;
  readonly multipliers: readonly number[];
}

/** Transformers' names of options where ours differ. */
const names: Readonly<Record<string, string>> = {
  minLrRate: 'minRate',
  minLrRatio: 'minRate',
  minLr: 'minLearningRate',
  warmupLrRate: 'warmupRate',
  lrEnd: 'endLearningRate',
  numCycles: 'cycles',
  numDecaySteps: 'decaySteps',
  numStableSteps: 'stableSteps',
};

/** Compares {@link scheduleMultiplier}; the error is absolute. @throws DoppioError OPTIONS_INVALID for an unknown schedule */
export function scheduleCase(golden: ScheduleCase): ParityResult {
  const renamed = Object.entries(golden.options ?? {}).map(
    ([name, value]) => [names[name] ?? name, value] as const,
  );
  const warmup =
    golden.warmupRatio === undefined
      ? { warmupSteps: golden.warmupSteps }
      : { warmupRatio: golden.warmupRatio };
  const schedule = ScheduleOptions.safeParse({
    name: golden.scheduler,
    ...warmup,
    ...Object.fromEntries(renamed),
  });
  if (!schedule.success)
    throw new DoppioError('OPTIONS_INVALID', {
      what: 'golden numbers of a schedule that is not known',
      where: golden.scheduler,
      seen: schedule.error.message,
    });
  const errors = golden.multipliers.map((expected, step) =>
    Math.abs(scheduleMultiplier(schedule.data, step, golden.totalSteps, golden.baseLr) - expected),
  );
  return { worstError: errors.some(Number.isNaN) ? Infinity : Math.max(...errors), limit: 1e-9 };
}
