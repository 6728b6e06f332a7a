import type {
  Benchmark,
  CheckpointStore,
  Dataset,
  Optimizer,
  Policy,
  Reward,
  Sampler,
  SamplingParameters,
} from '../contracts/index.js';
import type { RunEvent, WithoutTime } from '../events/events.js';

/** A reward with its place in the sum. */
export interface WeightedReward<Row extends object> {
  readonly reward: Reward<Row>;
  readonly weight: number;
  /** Seconds that scoring one group may take; then the group abstains from this reward. */
  readonly deadlineSeconds: number;
}

/** Everything that a training run is made of. */
export interface TrainingParts<Row extends object = Record<string, unknown>> {
  readonly policy: Policy;
  readonly sampler: Sampler;
  readonly optimizer: Optimizer;
  readonly dataset: Dataset<Row>;
  readonly rewards: readonly WeightedReward<Row>[];
  readonly benchmarks: readonly Benchmark[];
  readonly checkpoints: CheckpointStore;
}

export interface TrainingOptions {
  readonly seed: number;
  /** Batches of rollouts to train on. */
  readonly steps: number;
  readonly promptsPerStep: number;
  /** Completions per prompt. */
  readonly groupSize: number;
  readonly sampling: SamplingParameters;
  /** Steps between checkpoints; the last step always has one. */
  readonly checkpointEvery: number;
  readonly evaluation: { readonly before: boolean; readonly after: boolean; readonly examples: number };
}

/** Sends an event to the trackers; never throws. */
export type Emit = (event: WithoutTime<RunEvent>) => void;
