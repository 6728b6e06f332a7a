import { z } from 'zod';

const pattern = z.record(z.string().min(1), z.number().positive());

/** Options of the `lora` adapter, under the names this project uses; see {@link loraOptions} for defaults. */
export const loraOptions = z.strictObject({
  /** Inner dimension r of the update. Default 16. */
  rank: z.int().positive().default(16),
  /** Numerator of the scale alpha / rank. Default 32. */
  alpha: z.number().positive().default(32),
  /** Probability that an input element of the update is dropped in training, in [0, 1). Default 0. */
  dropout: z.number().min(0).lt(1).default(0),
  /**
   * Projections to adapt. `all-linear`: all of them; a list: those whose path is, or ends in, one of the names;
   * any other string: a regular expression that the whole path must match. Default `all-linear`.
   */
  targets: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).default('all-linear'),
  /** Other ranks for some projections: a regular expression for the end of the path to the rank. */
  rankPattern: z.record(z.string().min(1), z.int().positive()).default({}),
  /** Other alphas for some projections, likewise. */
  alphaPattern: pattern.default({}),
  /** Scale by alpha / sqrt(rank) (rank-stabilised LoRA). Default false. */
  rsLora: z.boolean().default(false),
});
export type LoraOptions = z.output<typeof loraOptions>;
