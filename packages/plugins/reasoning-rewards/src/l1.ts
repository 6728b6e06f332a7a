import type { AnswerVerifier, Reward } from '@doppio/core';
import { z } from 'zod';
import { lengthColumn } from './columns.js';
import { judgeGroup, judgeOptions, type Correctness, type JudgeOptions } from './judge.js';
import { lengthOf, modeOption, type Mode } from './mode.js';

export interface L1Options {
  readonly mode: Mode;
  /** Price of a unit of length. Default 0.0003. */
  readonly alpha: number;
  /** `l1_max` only: value of a right completion that meets its target. Default 0.5. */
  readonly delta: number;
}

export interface L1TargetOptions {
  /** One target for all rows. Default: the row's own. */
  readonly target?: number | undefined;
  /** Column with the row's target. Default `target_length`. */
  readonly targetColumn: string;
}

export const l1Options = z.strictObject({
  mode: modeOption,
  ...judgeOptions,
  alpha: z.number().min(0).default(0.0003),
  delta: z.number().default(0.5),
  target: z.number().min(0).optional(),
  targetColumn: z.string().min(1).default('target_length'),
});

/** How far a length is from its target. */
export type L1Kind = 'l1_exact' | 'l1_max';

/**
 * Rewards of L1 (2503.04697, section 3) over the completions of a prompt.
 * `l1_exact`: `correct - alpha |length - target|`. `l1_max`: `clip(alpha (target - length) + delta, 0, 1)` for a right
 * completion, 0 for a wrong one.
 *
 * `published` is 0 for all where all are equally long and takes an unreadable gold answer for right; `corrected` has no
 * such exception and abstains. (With the trainer's list of targets the published code raises a TypeError instead of
 * giving a value; here both modes take the row's target.)
 *
 * @param lengths - [completion]: characters where published, tokens where corrected
 * @returns [completion]
 */
export function l1Reward(
  kind: L1Kind,
  lengths: readonly number[],
  correct: readonly Correctness[],
  target: number,
  { mode, alpha, delta }: L1Options,
): (number | null)[] {
  const equallyLong = new Set(lengths).size <= 1;
  return lengths.map((length, i) => {
    const verdict = correct[i] ?? (mode === 'published' ? true : null);
    if (verdict === null) return null;
    if (mode === 'published' && equallyLong) return 0;
    if (kind === 'l1_exact') return (verdict ? 1 : 0) - alpha * Math.abs(length - target);
    return verdict ? Math.min(1, Math.max(0, alpha * (target - length) + delta)) : 0;
  });
}

export function createL1Reward(
  kind: L1Kind,
  options: L1Options & L1TargetOptions & JudgeOptions,
  verifier: AnswerVerifier,
): Reward {
  return {
    id: kind,
    score: async (group, signal) =>
      l1Reward(
        kind,
        group.completions.map((completion) => lengthOf(completion, options.mode)),
        await judgeGroup(group, verifier, options, signal),
        options.target ?? lengthColumn(group.row, options.targetColumn),
        options,
      ),
  };
}
