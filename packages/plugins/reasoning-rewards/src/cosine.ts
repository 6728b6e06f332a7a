import type { AnswerVerifier, Reward } from '@doppio/core';
import { z } from 'zod';
import { judgeGroup, judgeOptions, type Correctness, type JudgeOptions } from './judge.js';
import { lengthOf, modeOption, type Mode } from './mode.js';

export interface CosineOptions {
  readonly mode: Mode;
  /** Of a wrong completion of length 0. Default: published 0, corrected -1. */
  readonly minValueWrong?: number | undefined;
  /** Of a wrong completion of `maxLength`. Default -0.5. */
  readonly maxValueWrong: number;
  /** Of a right completion of `maxLength`. Default 0.5. */
  readonly minValueCorrect: number;
  /** Of a right completion of length 0. Default 1. */
  readonly maxValueCorrect: number;
  /** Characters where published, tokens where corrected. Default 1000. */
  readonly maxLength: number;
}

export const cosineOptions = z.strictObject({
  mode: modeOption,
  ...judgeOptions,
  minValueWrong: z.number().optional(),
  maxValueWrong: z.number().default(-0.5),
  minValueCorrect: z.number().default(0.5),
  maxValueCorrect: z.number().default(1),
  maxLength: z.number().positive().default(1000),
});

/**
 * Cosine-scaled reward (2502.03373, section 4.2): from the value at length 0 to the value at `maxLength` along half a
 * cosine. Short right answers are worth more than long ones; wrong ones are penalised less the longer they are.
 *
 * `published` goes on along the cosine beyond `maxLength`, so that the value rises again, and returns 1 where the gold
 * answer is unreadable. `corrected` stays at the last value and abstains.
 */
export function cosineReward(length: number, correct: Correctness, options: CosineOptions): number | null {
  const { mode, maxLength } = options;
  if (correct === null) return mode === 'published' ? 1 : null;
  const progress = mode === 'published' ? length / maxLength : Math.min(1, length / maxLength);
  const atZero = correct
    ? options.maxValueCorrect
    : (options.minValueWrong ?? (mode === 'published' ? 0 : -1));
  const atEnd = correct ? options.minValueCorrect : options.maxValueWrong;
  return atEnd + 0.5 * (atZero - atEnd) * (1 + Math.cos(progress * Math.PI));
}

export function createCosineReward(options: CosineOptions & JudgeOptions, verifier: AnswerVerifier): Reward {
  return {
    id: 'cosine',
    score: async (group, signal) => {
      const correct = await judgeGroup(group, verifier, options, signal);
      return group.completions.map((completion, i) =>
        cosineReward(lengthOf(completion, options.mode), correct[i] ?? null, options),
      );
    },
  };
}
