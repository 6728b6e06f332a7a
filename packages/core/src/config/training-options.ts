import type { TrainingOptions } from '../loop/parts.js';
import type { ResolvedConfig } from './schema.js';

/** What the training loop takes from a configuration. */
export function trainingOptions({
  seed,
  training,
  evaluation,
}: Pick<ResolvedConfig, 'seed' | 'training' | 'evaluation'>): TrainingOptions {
  const { steps, promptsPerStep, groupSize, sampling, checkpointEvery } = training;
  return { seed, steps, promptsPerStep, groupSize, sampling, checkpointEvery, evaluation };
}
