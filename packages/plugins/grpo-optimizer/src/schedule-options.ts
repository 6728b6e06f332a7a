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

/** Options of {@link Schedule}: each name takes its own and no others. */
export const ScheduleOptions = z
  .discriminatedUnion('name', [
    z.strictObject({ name: z.enum(['constant', 'constant_with_warmup', 'linear', 'cosine']), ...warmup }),
    z.strictObject({
      name: z.literal('cosine_with_restarts'),
      cycles: z.int().positive().optional().describe('Cosines in a run; default 1'),
      ...warmup,
    }),
    z.strictObject({
      name: z.literal('cosine_with_min_lr'),
      minRate: rate.describe('Multiplier that the cosine ends at; default 0'),
      ...warmup,
    }),
    z.strictObject({
      name: z.literal('polynomial'),
      power: z.number().positive().optional().describe('Exponent; default 1'),
      endLearningRate: z.number().nonnegative().optional().describe('Learning rate at the end; default 1e-7'),
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
      decayType: shape.optional().describe('Default linear'),
      warmupType: shape.optional().describe('Default linear'),
      minRate: rate.describe('Multiplier at the start and the end; default 0'),
      ...warmup,
    }),
  ])
  .refine(({ warmupSteps, warmupRatio }) => warmupSteps === undefined || warmupRatio === undefined, {
    error: 'give warmupSteps or warmupRatio, not both',
    path: ['warmupRatio'],
  });
