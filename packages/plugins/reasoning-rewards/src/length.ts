import type { AnswerVerifier, Reward } from '@doppio/core';
import { z } from 'zod';
import { judgeGroup, judgeOptions, type Correctness, type JudgeOptions } from './judge.js';
import { lengthOf, modeOption, type Mode } from './mode.js';

export const lengthOptions = z.strictObject({ mode: modeOption, ...judgeOptions });

/**
 * Length reward of Kimi k1.5 (2501.12599, section 2.3.3) over the completions of a prompt:
 * `lambda = 0.5 - (length - shortest) / (longest - shortest)` for a right one, `min(0, lambda)` for a wrong one, 0 for
 * all where all are equally long.
 *
 * @param lengths - [completion]: characters where published, tokens where corrected
 * @param correct - [completion]: null counts as right where published and abstains where corrected
 * @returns [completion]
 */
export function lengthReward(
  lengths: readonly number[],
  correct: readonly Correctness[],
  mode: Mode,
): (number | null)[] {
  const shortest = Math.min(...lengths);
  const longest = Math.max(...lengths);
  return lengths.map((length, i) => {
    const verdict = correct[i] ?? (mode === 'published' ? true : null);
    if (verdict === null) return null;
    if (longest === shortest) return 0;
    const lambda = 0.5 - (length - shortest) / (longest - shortest);
    return verdict ? lambda : Math.min(0, lambda);
  });
}

export function createLengthReward(options: JudgeOptions, verifier: AnswerVerifier): Reward {
  return {
    id: 'length',
    score: async (group, signal) =>
      lengthReward(
        group.completions.map((completion) => lengthOf(completion, options.mode)),
        await judgeGroup(group, verifier, options, signal),
        options.mode,
      ),
  };
}
