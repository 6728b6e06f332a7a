import type { Reward } from '@doppio/core';
import { z } from 'zod';
import { modeOption, type Mode } from './mode.js';

export const reasoningStepsOptions = z.strictObject({ mode: modeOption });

/** Marks that earn the whole reward. */
const ENOUGH = 3;

const MARKS: Readonly<Record<Mode, RegExp>> = {
  // `^` without the flag m matches at the start of the text only: numbered lines further down do not count.
  published: /Step \p{Nd}+:|^\p{Nd}+\.|\n-|\n\*|First,|Second,|Next,|Finally,/gu,
  corrected: /Step \p{Nd}+:|(?<=^|\n)[ \t]*(?:\p{Nd}+\.|[-*])(?=[ \t])|First,|Second,|Next,|Finally,/gu,
};

/**
 * Marks of step-by-step work ("Step 1:", numbered and bulleted lines, "First,", ...): min(1, marks / 3).
 *
 * `published` takes a number for a mark at the start of the text only, no bullet there, and any line that starts with a
 * hyphen or an asterisk (a negative number, bold text) for a bullet. `corrected` reads numbers and bullets at the start
 * of every line, when a blank follows.
 */
export function reasoningStepsReward(text: string, mode: Mode): number {
  return Math.min(1, (text.match(MARKS[mode]) ?? []).length / ENOUGH);
}

export function createReasoningStepsReward({ mode }: { readonly mode: Mode }): Reward {
  return {
    id: 'reasoning_steps',
    score: ({ completions }) => completions.map(({ text }) => reasoningStepsReward(text, mode)),
  };
}
