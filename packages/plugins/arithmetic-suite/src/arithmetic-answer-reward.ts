import type { Reward } from '@doppio/core';
import { isCorrect } from './answer-check.js';

/**
 * Reward `arithmetic-answer`: 1 for a right completion (see {@link isCorrect}), else 0. Abstains only on rows
 * without an `answer` text.
 */
export function createArithmeticAnswerReward(): Reward<{ readonly answer?: unknown }> {
  return {
    id: 'arithmetic-answer',
    score: ({ row: { answer }, completions }) =>
      completions.map((completion) =>
        typeof answer === 'string' ? (isCorrect(completion, answer) ? 1 : 0) : null,
      ),
  };
}
