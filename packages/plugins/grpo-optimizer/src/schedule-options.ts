import { z } from 'zod';

const warmup = {
  warmupSteps: z.int().nonnegative().optional().describe('Updates over which the learning rate rises'),
  warmupRatio: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('In place of warmupSteps: fraction of all updates, rounded up'),
};
const shape = z.enum(['linear', 'cosine', '1-sqrt']);
const rate = z.number().min(0).max(1).optional();
const waves = z.number().nonnegative().optional().describe('Waves of the cosine; default 0.5');
const floor = {
  minRate: rate.describe('Multiplier that the cosine ends at; default 0'),
  minLearningRate: z
    .number()
    .nonnegative()
    .optional()
    .describe('In place of minRate: learning rate that the cosine ends at'),
  cycles: waves,
};

/** Schedules of Transformers that follow a metric: nothing that a GRPO run reports is one to minimise. */
const metricDriven = ['reduce_lr_on_plateau', 'greedy'];

/** Learning-rate schedules by the names that Transformers gives them: each name takes its own options and no others. */
export const ScheduleOptions = z
  .discriminatedUnion(
    'name',
    [
      z.strictObject({ name: z.enum(['constant', 'constant_with_warmup', 'linear']), ...warmup }),
      z.strictObject({ name: z.literal('cosine'), cycles: waves, ...warmup }),
      z.strictObject({
        name: z.literal('cosine_with_restarts'),
        cycles: z.int().positive().optional().describe('Cosines in a run; default 1'),
        ...warmup,
      }),
      z.strictObject({ name: z.literal('cosine_with_min_lr'), ...floor, ...warmup }),
      z.strictObject({
        name: z.literal('cosine_warmup_with_min_lr'),
        ...floor,
        warmupRate: rate.describe('Multiplier that the warm-up starts at; default 1 / warm-up'),
        ...warmup,
      }),
      z.strictObject({
        name: z.literal('polynomial'),
        power: z.number().positive().optional().describe('Exponent; default 1'),
        endLearningRate: z
          .number()
          .nonnegative()
          .optional()
          .describe('Learning rate at the end; default 1e-7'),
        ...warmup,
      }),
      z.strictObject({
        name: z.literal('inverse_sqrt'),
        timescale: z.number().positive().optional().describe('Default: the warm-up, or 10000 without one'),
        ...warmup,
      }),
      z.strictObject({
        name: z.literal('warmup_stable_decay'),
        decaySteps: z.int().positive().describe('Updates that decay, at the end'),
        stableSteps: z
          .int()
          .nonnegative()
          .optional()
          .describe('Updates at the peak; default what warm-up and decay leave of the run'),
        decayType: shape.optional().describe('Default cosine'),
        warmupType: shape.optional().describe('Default linear'),
        minRate: rate.describe('Multiplier at the start and the end; default 0'),
        cycles: waves,
        ...warmup,
      }),
    ],
    {
      error: ({ input }) => {
        const name = (input as { name?: unknown } | null | undefined)?.name;
        return metricDriven.includes(name as string)
          ? `${String(name)} follows a metric of the run and is not supported; choose a schedule of the step`
          : undefined;
      },
    },
  )
  .refine(({ warmupSteps, warmupRatio }) => warmupSteps === undefined || warmupRatio === undefined, {
    error: 'give warmupSteps or warmupRatio, not both',
    path: ['warmupRatio'],
  })
  .refine(
    (schedule) =>
      !('minLearningRate' in schedule) ||
      schedule.minLearningRate === undefined ||
      schedule.minRate === undefined,
    { error: 'give minRate or minLearningRate, not both', path: ['minLearningRate'] },
  );

export type Schedule = z.output<typeof ScheduleOptions>;

/** Shapes of a warm-up or decay in `warmup_stable_decay`. */
export type ScheduleShape = z.output<typeof shape>;

/** The learning rate, not a multiplier, that a schedule ends at, where it has one. */
export function finalLearningRate(schedule: Schedule): number {
  if (schedule.name === 'polynomial') return schedule.endLearningRate ?? 1e-7;
  return 'minLearningRate' in schedule ? (schedule.minLearningRate ?? 0) : 0;
}
