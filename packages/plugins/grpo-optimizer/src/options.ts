import { z } from 'zod';
import { tokenLosses, tokenLossNames, type TokenLossName } from './losses/table.js';
import type { TokenLoss } from './losses/token-loss.js';
import { finalLearningRate, ScheduleOptions } from './schedule-options.js';

const coefficient = z.number().nonnegative();

const loss = z.union(
  [
    z.enum(tokenLossNames as [TokenLossName, ...TokenLossName[]]),
    z.custom<TokenLoss>((value) => typeof value === 'function'),
  ],
  { error: `expected one of ${tokenLossNames.join(', ')}, or in code a function` },
);

const samplerCorrection = z
  .strictObject({
    mode: z
      .enum(['token_truncate', 'token_mask', 'sequence_truncate', 'sequence_mask'])
      .describe('Weights out of bounds move to the bound or become 0; one per token or per sequence'),
    min: z.number().nonnegative().optional().describe('Lower bound; default none'),
    max: z.number().positive().optional().describe('Upper bound; default none'),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'give min, max or both')
  .refine(({ min = 0, max = Infinity }) => min < max, 'min must be below max');

/** Options of the GRPO optimizer. Names are those of TRL in camel case where TRL has the option. */
export const GrpoOptionsSchema = z
  .strictObject({
    loss: loss.default('dapo').describe(`Token loss: ${tokenLossNames.join(', ')}; in code also a function`),
    advantage: z
      .strictObject({
        scale: z
          .enum(['group', 'batch', 'none'])
          .default('group')
          .describe('Standard deviation that advantages are divided by'),
        aggregation: z
          .enum(['sum_then_normalize', 'normalize_then_sum'])
          .default('sum_then_normalize')
          .describe('Whether rewards are normalised after their weighted sum or each before it'),
      })
      .prefault({})
      .describe('How rewards become advantages'),
    importanceSamplingLevel: z
      .enum(['token', 'sequence'])
      .default('token')
      .describe('Importance ratio per token, or per sequence (GSPO)'),
    epsilonLow: coefficient.max(1).default(0.2).describe('Ratios are clipped below at 1 - epsilonLow'),
    epsilonHigh: coefficient
      .optional()
      .describe(
        'Ratios are clipped above at 1 + epsilonHigh; default epsilonLow. cispo caps at it; default 5',
      ),
    delta: z
      .number()
      .positive()
      .optional()
      .describe('Two-sided clipping: also the unclipped ratio is at most delta'),
    beta: coefficient.default(0).describe('Coefficient of the KL to the frozen base'),
    useBiasCorrectionKl: z.boolean().default(false).describe('Multiply the KL with the importance ratio'),
    entropyCoefficient: z
      .number()
      .default(0)
      .describe('Coefficient of the mean entropy, subtracted from the loss'),
    topEntropyQuantile: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Fraction of tokens, those of highest entropy, with a policy gradient'),
    samplerCorrection: samplerCorrection
      .optional()
      .describe('Importance weights of the trainer over the sampler; default none'),
    offPolicyMaskThreshold: z
      .number()
      .optional()
      .describe(
        'Drops sequences of negative advantage whose mean log-probability fell by more since they were sampled',
      ),
    maskTruncated: z
      .boolean()
      .default(false)
      .describe('Leave completions out that reached their maximum length'),
    sapo: z
      .strictObject({
        temperaturePositive: z.number().positive().default(1).describe('For advantages above 0'),
        temperatureNegative: z.number().positive().default(1.05).describe('For all others'),
      })
      .prefault({})
      .describe('Temperatures of the sapo loss'),
    vespo: z
      .strictObject({
        kPositive: z.number().default(2).describe('k for advantages of at least 0'),
        lambdaPositive: z.number().default(3).describe('lambda for advantages of at least 0'),
        kNegative: z.number().default(3).describe('k for advantages below 0'),
        lambdaNegative: z.number().default(2).describe('lambda for advantages below 0'),
      })
      .prefault({})
      .describe('Gamma weights of the vespo loss'),
    updatesPerBatch: z.int().positive().default(1).describe('Updates made on each batch of rollouts'),
    learningRate: z.number().nonnegative().default(1e-6).describe('Peak learning rate'),
    schedule: ScheduleOptions.default({ name: 'linear' }).describe('Learning rate over a run'),
    betas: z
      .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
      .default([0.9, 0.999])
      .describe('Decay of the moments of AdamW'),
    eps: z.number().positive().default(1e-8).describe('Added to the root of the second moment'),
    weightDecay: coefficient.default(0).describe('Decoupled weight decay'),
    maxGradNorm: z
      .number()
      .positive()
      .nullable()
      .default(1)
      .describe('Global norm that gradients are clipped to; null: not clipped'),
  })
  .refine((options) => options.loss !== 'vespo' || !options.samplerCorrection?.mode.startsWith('sequence'), {
    error: 'vespo multiplies corrections up over a sequence itself: use token_truncate or token_mask',
    path: ['samplerCorrection', 'mode'],
  })
  .refine(({ schedule, learningRate }) => finalLearningRate(schedule) <= learningRate, {
    error: 'the schedule ends at a higher learning rate than its peak, learningRate',
    path: ['schedule'],
  })
  .describe('GRPO and its variants with AdamW');

export type GrpoOptionsInput = z.input<typeof GrpoOptionsSchema>;
export type GrpoOptions = z.output<typeof GrpoOptionsSchema>;

/** The function behind a configured loss. */
export function tokenLossOf(loss: GrpoOptions['loss']): TokenLoss {
  return typeof loss === 'string' ? tokenLosses[loss] : loss;
}
