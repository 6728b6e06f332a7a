import type { ScoredCompletion } from '@doppio/core';
import { z } from 'zod';
import { codePointLength } from './python-text.js';

/**
 * `published`: as the Tina project's code computes it, defects included, for reproducing its runs.
 * `corrected`: as it is described; the README lists what differs.
 */
export type Mode = 'published' | 'corrected';

export const modeOption = z.enum(['published', 'corrected']).default('corrected');

/** Length of a completion: characters (code points) where published, tokens (the stop token counted) where corrected. */
export function lengthOf({ text, ids }: ScoredCompletion, mode: Mode): number {
  return mode === 'published' ? codePointLength(text) : ids.length;
}
