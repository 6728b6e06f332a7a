import { z } from 'zod';
import type {
  AdapterFactory,
  AnswerVerifier,
  Benchmark,
  Dataset,
  Optimizer,
  Policy,
  Reward,
  Sampler,
  Tracker,
} from '../contracts/index.js';
import { partSchema, rewardSchema, type PartChoice, type RewardChoice } from './part-choice.js';
import { defaultParts, slots } from './slots.js';

const count = () => z.int().positive();

const SamplingSchema = z.strictObject({
  temperature: z.number().nonnegative().default(1).describe('Divides the logits; 0 is greedy'),
  topK: z.int().nonnegative().default(0).describe('Keep this many of the likeliest tokens; 0 is off'),
  topP: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('Keep the smallest set of likeliest tokens with this probability; 1 is off'),
  minP: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Keep tokens at least this fraction as likely as the likeliest; 0 is off'),
  repetitionPenalty: z
    .number()
    .positive()
    .default(1)
    .describe('Divides the logits of tokens seen before (multiplies negative ones); 1 is off'),
  maxTokens: count().default(1024).describe('Tokens a completion may have at most, its stop token counted'),
  stopStrings: z
    .array(z.string().min(1))
    .readonly()
    .default([])
    .describe('End a completion once its text contains one of them'),
});

const TrainingSchema = z.strictObject({
  steps: count().default(100).describe('Batches of rollouts to train on'),
  promptsPerStep: count().default(16).describe('Prompts in each batch'),
  groupSize: count()
    .default(8)
    .describe('Completions sampled per prompt; their rewards are compared with each other'),
  sampling: SamplingSchema.readonly().prefault({}).describe('How completions are drawn in training'),
  checkpointEvery: count().default(25).describe('Steps between checkpoints; the last step always has one'),
  keepCheckpoints: count().default(3).describe('Newest checkpoints that are kept'),
});

const EvaluationSchema = z.strictObject({
  before: z.boolean().default(true).describe('Evaluate the model before training'),
  after: z.boolean().default(true).describe('Evaluate the model after training, and compare'),
  examples: z
    .int()
    .nonnegative()
    .default(3)
    .describe('Problems per benchmark whose completions the report shows'),
});

/** Complete configuration of a run. Strict: a key that is not here is an error. */
export const ConfigSchema = z
  .strictObject({
    seed: z.int().nonnegative().default(0).describe('Decides every random number of the run'),
    model: z.string().min(1).describe('Folder of the base model in Hugging Face form, relative to this file'),
    out: z
      .string()
      .min(1)
      .default('runs/default')
      .describe('Folder of the run: checkpoints, metrics and report, relative to this file'),
    plugins: z
      .array(z.string().min(1))
      .readonly()
      .default([])
      .describe('Plugins to load: names of packages, or paths relative to this file'),
    policy: partSchema<Policy>(slots.policy)
      .prefault(defaultParts.policy)
      .describe('Computes log-probabilities and gradients'),
    adapter: partSchema<AdapterFactory>(slots.adapter)
      .prefault(defaultParts.adapter)
      .describe('Which matrices are trained'),
    sampler: partSchema<Sampler>(slots.sampler).prefault(defaultParts.sampler).describe('Draws completions'),
    optimizer: partSchema<Optimizer>(slots.optimizer)
      .prefault(defaultParts.optimizer)
      .describe('Advantages, loss, update and learning rate'),
    dataset: partSchema<Dataset>(slots.dataset)
      .optional()
      .describe('Training rows; needed for training only'),
    rewards: z
      .array(rewardSchema<Reward>(slots.rewards))
      .readonly()
      .default([])
      .describe('Rewards whose weighted sum is trained on; training needs at least one'),
    verifier: partSchema<AnswerVerifier>(slots.verifier)
      .optional()
      .describe('Compares answers, for rewards that ask for the configured verifier'),
    benchmarks: z
      .array(partSchema<Benchmark>(slots.benchmarks))
      .readonly()
      .default([])
      .describe('What the model is evaluated on'),
    trackers: z
      .array(partSchema<Tracker>(slots.trackers))
      .readonly()
      .default([])
      .describe('Listeners to the events of the run'),
    training: TrainingSchema.readonly().prefault({}).describe('Size and pace of training'),
    evaluation: EvaluationSchema.readonly().prefault({}).describe('When to evaluate'),
  })
  .readonly();

type Written = z.input<typeof ConfigSchema>;

/**
 * What people write, in a file, a preset or code: any part of the configuration. `Row` is what a dataset that is given
 * as an object gives.
 */
export interface DoppioConfig<Row extends object = Record<string, unknown>> extends Partial<
  Omit<Written, 'plugins' | 'dataset' | 'rewards' | 'benchmarks' | 'trackers'>
> {
  readonly plugins?: readonly string[] | undefined;
  readonly dataset?: PartChoice<Dataset<Row>> | undefined;
  /** A reward that reads a column which the dataset lacks does not compile. */
  readonly rewards?: readonly RewardChoice<Reward<NoInfer<Row>>>[] | undefined;
  readonly benchmarks?: readonly PartChoice<Benchmark>[] | undefined;
  readonly trackers?: readonly PartChoice<Tracker>[] | undefined;
}

/** Configuration after defaults and checks: every key has its value, nothing can be changed any more. */
export type ResolvedConfig = Readonly<z.output<typeof ConfigSchema>>;

/** A configuration under a name, e.g. `nano`, for files and flags to build on. */
export interface Preset {
  readonly name: string;
  /** One sentence for those who choose one. */
  readonly description: string;
  /** Paths in it are relative to the working directory: make them absolute. */
  readonly config: DoppioConfig;
}
