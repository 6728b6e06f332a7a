import type { Advantages, Completion } from '../contracts/index.js';
import type { StepMetrics } from '../events/events.js';
import { distinctNames } from './distinct-names.js';
import type { TrainingOptions, WeightedReward } from './parts.js';
import type { Rollouts } from './rollout.js';
import type { UpdateResult } from './update.js';

/** Seconds of a step by phase. */
export interface StepSeconds {
  readonly sample: number;
  readonly reward: number;
  readonly train: number;
  readonly total: number;
}

/** What trackers are told of a step; all numbers come from the step's own values. */
export function stepMetrics<Row extends object>(
  step: number,
  options: TrainingOptions,
  rewards: readonly WeightedReward<Row>[],
  values: readonly (readonly (number | null)[])[],
  counts: ReadonlyMap<string, number>,
  advantages: Advantages,
  rollouts: Rollouts<Row>,
  result: UpdateResult,
  seconds: StepSeconds,
  secondsLeft: number,
): StepMetrics {
  const completions = rollouts.completions.flat();
  const totals = Array.from(advantages.rewards).filter((reward) => !Number.isNaN(reward));
  const tokens = completions.reduce((sum, { ids }) => sum + ids.length, 0);
  const { prefillSeconds, decodeSeconds, idleTokens, sharedPromptTokens, prefillTokens } = rollouts.metrics;
  return {
    step: step + 1,
    totalSteps: options.steps,
    reward: meanOrNull(totals),
    rewards: Object.fromEntries(
      distinctNames(rewards.map(({ reward }) => reward)).map((name, i) => [
        name,
        meanOrNull(values.map((row) => row[i] ?? null)),
      ]),
    ),
    rewardStd: deviation(totals),
    zeroStdFraction: advantages.zeroStdFraction,
    loss: result.loss.loss,
    gradNorm: result.update.gradNorm,
    learningRate: result.update.learningRate,
    entropy: meanOrNull(visitScored(result, completions, (at) => result.scores.entropies.data[at] as number)),
    samplerDrift: samplerDrift(result, completions, options),
    completionTokens: tokens,
    meanCompletionTokens: completions.length === 0 ? 0 : tokens / completions.length,
    truncatedFraction: mean(completions.map(({ finishReason }) => (finishReason === 'length' ? 1 : 0))),
    tokensPerSecond: tokens / Math.max(seconds.total, 1e-9),
    seconds,
    secondsLeft,
    extra: {
      ...result.loss.metrics,
      ...Object.fromEntries(counts),
      'sampler/prefill_tokens': prefillTokens,
      'sampler/shared_prompt_tokens': sharedPromptTokens,
      'sampler/idle_tokens': idleTokens,
      'sampler/prefill_seconds': prefillSeconds,
      'sampler/decode_seconds': decodeSeconds,
      'policy/forward_tokens': result.policy.forwardTokens,
      'policy/shared_prompt_tokens': result.policy.sharedPromptTokens,
      'policy/padding_tokens_avoided': result.policy.paddingTokensAvoided,
      'policy/skipped_tokens': result.policy.skippedTokens,
      'policy/head_forward_tokens_skipped': result.policy.headForwardTokensSkipped,
    },
  };
}

/** |sampler - policy| log-probability of the same tokens, at the temperature at which the policy scored them. */
function samplerDrift(
  result: UpdateResult,
  completions: readonly Completion[],
  { sampling }: TrainingOptions,
): StepMetrics['samplerDrift'] {
  const plain = (sampling.temperature ?? 1) === 1;
  const differences = visitScored(result, completions, (at, completion, t) =>
    Math.abs(
      (result.scores.logProbs.data[at] as number) -
        ((plain ? completion.logProbs[t] : completion.samplingLogProbs[t]) as number),
    ),
  );
  if (differences.length === 0) return null;
  return {
    mean: mean(differences),
    max: differences.reduce((largest, value) => Math.max(largest, value), 0),
  };
}

/** Values of the tokens that the policy scored; those of groups without signal were not computed. */
function visitScored(
  { scores }: UpdateResult,
  completions: readonly Completion[],
  value: (at: number, completion: Completion, t: number) => number,
): number[] {
  const values: number[] = [];
  let at = 0;
  for (const completion of completions) {
    for (let t = 0; t < completion.ids.length; t += 1, at += 1)
      if (scores.scored?.[at] !== 0) values.push(value(at, completion, t));
  }
  return values;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? null : mean(given);
}

/** Sample standard deviation (n - 1). */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
