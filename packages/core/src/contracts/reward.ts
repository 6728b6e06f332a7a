import { createToken } from './token.js';
import type { ChatMessage } from './text.js';
import type { FinishReason } from './rollout.js';

/** A completion as rewards and graders see it. */
export interface ScoredCompletion {
  /** Decoded without the stop token and other special tokens, but with the tags of a think section. */
  readonly text: string;
  /** [token] */
  readonly ids: Int32Array;
  readonly finishReason: FinishReason;
}

/** What a reward can say beside its values. */
export interface RewardReport {
  /** Emits a `warning` event that names the reward: something about this row that a person has to look at. */
  readonly warn: (code: string, message: string) => void;
  /** Adds to the step's metric `reward/<id>/<name>`. Default 1; 0 makes the metric appear. */
  readonly count: (name: string, by?: number) => void;
}

/** All completions of one prompt. */
export interface RewardGroup<Row extends object = Record<string, unknown>> {
  readonly row: Row;
  readonly messages: readonly ChatMessage[];
  readonly completions: readonly ScoredCompletion[];
  /** Optimizer step, from 0. */
  readonly step: number;
  /** There in training; absent where nobody listens. */
  readonly report?: RewardReport;
}

/** One value per completion; null abstains (no verdict), which is never the same as 0. */
export type RewardValues = readonly (number | null)[];

/**
 * Scores the completions of a group. Never mutates its arguments; finite values or null only.
 * Throwing means failure of the reward, not of the completion: the whole group then abstains and the error
 * is reported. (`score` is a property, not a method, so that the compiler checks `Row` contravariantly.)
 */
export interface Reward<Row extends object = Record<string, unknown>> {
  /** Stable id used in configuration and in metric names: `reward/<id>`. */
  readonly id: string;
  readonly score: (group: RewardGroup<Row>, signal: AbortSignal) => RewardValues | Promise<RewardValues>;
}
export const Reward = createToken<Reward>('Reward');
