import { z } from 'zod';

const name = z.string().min(1);
const names = z.union([name, z.array(name).min(1)]);

/** Options of the `lora` adapter, under the names this project uses. */
export const loraOptions = z
  .strictObject({
    rank: z.int().positive().default(16).describe('Inner dimension r of the update'),
    alpha: z.number().positive().default(32).describe('Numerator of the scale alpha / rank'),
    dropout: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('Probability that an input element of the update is dropped in training'),
    targets: names
      .default('all-linear')
      .describe(
        'Projections to adapt: all-linear; a list of names that paths are or end in; or a regular expression for whole paths',
      ),
    exclude: names.optional().describe('Projections to leave out again, by the same rules'),
    layers: z
      .array(z.int().nonnegative())
      .min(1)
      .optional()
      .describe('Adapt these blocks only, counted from 0; with all-linear or listed names'),
    rankPattern: z
      .record(name, z.int().positive())
      .default({})
      .describe(
        'Other ranks: a regular expression for the end of a path to its rank; the first that fits counts',
      ),
    alphaPattern: z.record(name, z.number().positive()).default({}).describe('Other alphas, likewise'),
    rsLora: z.boolean().default(false).describe('Scale by alpha / sqrt(rank) (rank-stabilised LoRA)'),
    init: z
      .enum(['kaiming', 'gaussian'])
      .default('kaiming')
      .describe('Initial A: uniform within 1 / sqrt(in), or normal with deviation 1 / rank; B is 0'),
  })
  .refine(
    ({ targets, layers }) => layers === undefined || Array.isArray(targets) || targets === 'all-linear',
    { error: 'a regular expression names the layers itself (PEFT refuses both together)', path: ['layers'] },
  );
export type LoraOptions = z.output<typeof loraOptions>;
