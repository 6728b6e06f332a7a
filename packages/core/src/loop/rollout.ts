import type { ChatMessage, Completion, DatasetCursor, RewardGroup, TokenGroup } from '../contracts/index.js';
import type { SampleResult } from '../contracts/sampler.js';
import type { Emit, TrainingOptions, TrainingParts } from './parts.js';
import { scoredCompletion } from './scored-completion.js';

/** A batch of rollouts: rows, their prompts and sampled completions. */
export interface Rollouts<Row extends object> {
  readonly rows: readonly Row[];
  readonly messages: readonly (readonly ChatMessage[])[];
  readonly groups: readonly TokenGroup[];
  /** [group][sample] */
  readonly completions: readonly (readonly Completion[])[];
  readonly next: DatasetCursor;
  readonly metrics: SampleResult['metrics'];
}

/** Reads the step's rows and samples a group of completions for each. */
export async function rollOut<Row extends object>(
  { dataset, sampler, policy }: TrainingParts<Row>,
  options: TrainingOptions,
  step: number,
  cursor: DatasetCursor,
  emit: Emit,
  signal: AbortSignal,
): Promise<Rollouts<Row>> {
  const { rows, next } = await dataset.read(cursor, options.promptsPerStep, signal);
  const messages = rows.map((row) => dataset.messages(row));
  const promptIds = messages.map((conversation) => sampler.tokenizer.applyChatTemplate(conversation));
  await sampler.setAdapter(policy.adapter, signal);
  const { completions, metrics } = await sampler.sample({
    prompts: promptIds.map((ids, index) => ({ ids, samples: options.groupSize, index })),
    parameters: options.sampling,
    key: { seed: options.seed, purpose: 'rollout', step },
    onProgress: (progress) => {
      emit({ type: 'sampling', step: step + 1, ...progress });
    },
    signal,
  });
  const groups = completions.map((group, i) => ({
    promptIds: promptIds[i] as Int32Array,
    completions: group.map(({ ids }) => ids),
  }));
  return { rows, messages, groups, completions, next, metrics };
}

/** The rollouts as rewards see them. */
export function rewardGroups<Row extends object>(
  rollouts: Rollouts<Row>,
  { sampler }: TrainingParts<Row>,
  step: number,
): RewardGroup<Row>[] {
  return rollouts.completions.map((group, i) => ({
    row: rollouts.rows[i] as Row,
    messages: rollouts.messages[i] as readonly ChatMessage[],
    completions: group.map((completion) => scoredCompletion(completion, sampler.tokenizer)),
    step,
  }));
}
