import type { AnswerVerifier, AnswerVerdict, RewardGroup } from '@doppio/core';
import { z } from 'zod';
import { textColumn } from './columns.js';
import type { Mode } from './mode.js';

/**
 * Whether a completion is right; null where there is no verdict. In mode `published` null means that the gold answer
 * could not be read, which those rewards take for right.
 */
export type Correctness = boolean | null;

export interface JudgeOptions {
  readonly mode: Mode;
  /** Column of the row with the expected answer. Default `answer`. */
  readonly gold: string;
}

/** Options of every reward that asks whether the answer is right. */
export const judgeOptions = {
  gold: z.string().min(1).default('answer'),
  /** `exact`: this package's own verifier. `configured`: the run's AnswerVerifier part. */
  verify: z.enum(['exact', 'configured']).default('exact'),
};

/** Judges every completion of a group. @throws DoppioError REWARD_COLUMN when the row has no such answer */
export async function judgeGroup(
  { row, completions }: RewardGroup,
  verifier: AnswerVerifier,
  { mode, gold }: JudgeOptions,
  signal: AbortSignal,
): Promise<Correctness[]> {
  const expected = textColumn(row, gold);
  return Promise.all(
    completions.map(async ({ text }) =>
      correctnessOf((await verifier.verify(expected, text, signal)).verdict, mode),
    ),
  );
}

/** The published code takes a comparison that failed for a wrong answer; corrected rewards abstain. */
export function correctnessOf(verdict: AnswerVerdict, mode: Mode): Correctness {
  switch (verdict) {
    case 'equal':
      return true;
    case 'different':
    case 'prediction-unreadable':
      return false;
    case 'gold-unreadable':
      return null;
    case 'undecided':
      return mode === 'published' ? false : null;
  }
}
