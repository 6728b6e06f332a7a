import { API_VERSION, Benchmark, Dataset, definePlugin, Reward } from '@doppio/core';
import { z } from 'zod';
import { createArithmeticAnswerReward } from './arithmetic-answer-reward.js';
import { createArithmeticBenchmark } from './arithmetic-benchmark.js';
import { createArithmeticDataset } from './arithmetic-dataset.js';
import { KINDS } from './problem.js';
import { SPLITS } from './split.js';

const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const selection = {
  // Kinds are drawn equally often, so that naming one twice would promise what does not happen.
  kinds: z
    .array(z.enum(KINDS))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'a kind is named twice')
    .optional(),
  difficulties: z.array(z.number().int().min(2).max(4)).min(1).default([2, 3, 4]),
};

/** Options of dataset `arithmetic`; `seed` defaults to the run's. */
export const arithmeticDatasetOptions = z.strictObject({
  ...selection,
  split: z.enum(SPLITS).default('training'),
  seed: seed.optional(),
});

/** Options of benchmark `arithmetic`; `seed` is its own, so that runs of different seeds meet the same problems. */
export const arithmeticBenchmarkOptions = z.strictObject({
  ...selection,
  split: z.enum(SPLITS).default('evaluation'),
  problems: z.number().int().min(1).default(500),
  seed: seed.default(0),
  samples: z.number().int().min(1).default(1),
  sampling: z
    .strictObject({
      temperature: z.number().min(0).default(1),
      topK: z.number().int().min(0).default(0),
      topP: z.number().gt(0).max(1).default(1),
      maxTokens: z.number().int().min(1).default(48),
    })
    .prefault({}),
});

export default definePlugin({
  id: '@doppio/arithmetic-suite',
  api: API_VERSION,
  register: (registry) => {
    registry.contribute(Dataset, {
      id: 'arithmetic',
      description: 'Endless generated arithmetic problems with exact answers',
      options: arithmeticDatasetOptions,
      create: (options, context) =>
        createArithmeticDataset({ ...options, seed: options.seed ?? context.seed }) as unknown as Dataset,
    });
    registry.contribute(Reward, {
      id: 'arithmetic-answer',
      description:
        '1 for a finished completion with one closing think tag and the exact answer after it, else 0',
      options: z.strictObject({}),
      create: () => createArithmeticAnswerReward(),
    });
    registry.contribute(Benchmark, {
      id: 'arithmetic',
      description:
        'Different generated arithmetic problems, disjoint from training, graded by the exact answer',
      options: arithmeticBenchmarkOptions,
      create: (options) => createArithmeticBenchmark(options),
    });
  },
});
