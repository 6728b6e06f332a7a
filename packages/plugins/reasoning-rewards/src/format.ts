import type { Reward } from '@doppio/core';
import { z } from 'zod';
import { modeOption } from './mode.js';
import { countOccurrences } from './python-text.js';
import { expectedTags, thinkTagOptions, type ThinkTagOptions } from './think-tags.js';

export const formatOptions = z.strictObject({ mode: modeOption, ...thinkTagOptions });

/**
 * 1 for a well-formed completion, else 0.
 *
 * `published`: the closing think tag stands on a line of its own exactly once; nothing else is looked at.
 * `corrected`: every expected tag occurs exactly once and in order, the think section comes first, and text follows it
 * (with `answerTags`: nothing but the answer section, which is not empty).
 */
export function formatReward(text: string, options: ThinkTagOptions): number {
  if (options.mode === 'published') return countOccurrences(text, '\n</think>\n') === 1 ? 1 : 0;
  const tags = ['<think>', '</think>', ...(options.answerTags ? ['<answer>', '</answer>'] : [])];
  const expected = expectedTags(options);
  const counted = tags.every((tag) => countOccurrences(text, tag) === (expected.includes(tag) ? 1 : 0));
  return counted && shapeOf(options).test(text) ? 1 : 0;
}

export function createFormatReward(options: ThinkTagOptions): Reward {
  return {
    id: 'format',
    score: ({ completions }) => completions.map(({ text }) => formatReward(text, options)),
  };
}

function shapeOf({ opening, answerTags }: ThinkTagOptions): RegExp {
  const start = opening === 'completion' ? '^\\s*<think>' : '^';
  const end = answerTags ? '</think>\\s*<answer>\\s*\\S[^]*</answer>\\s*$' : '</think>\\s*\\S';
  return new RegExp(`${start}[^]*${end}`, 'u');
}
