import type { ScoredCompletion } from '@doppio/core';

const CLOSING_TAG = '</think>';

/**
 * Whether a completion is right: it ended by its stop token, closes its think section exactly once, and what follows
 * is the answer, character by character. The think section itself is not judged.
 */
export function isCorrect({ text, finishReason }: ScoredCompletion, answer: string): boolean {
  if (finishReason !== 'stop') return false;
  const parts = text.split(CLOSING_TAG);
  return parts.length === 2 && parts[1] === answer;
}
