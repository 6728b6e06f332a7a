import type { Reward } from '@doppio/core';
import { z } from 'zod';
import { modeOption } from './mode.js';
import { countOccurrences } from './python-text.js';
import { expectedTags, thinkTagOptions, type ThinkTagOptions } from './think-tags.js';

export const tagCountOptions = z.strictObject({ mode: modeOption, ...thinkTagOptions });

/**
 * Partial credit for tags, in [0, 1].
 *
 * `published`: 0.5 for exactly one opening think tag before a line break and 0.5 for exactly one closing tag on a line
 * of its own, in any order. `corrected`: an equal share for every expected tag that occurs exactly once, line breaks or
 * not, after the expected tags before it.
 */
export function tagCountReward(text: string, options: ThinkTagOptions): number {
  if (options.mode === 'published')
    return (
      (countOccurrences(text, '<think>\n') === 1 ? 0.5 : 0) +
      (countOccurrences(text, '\n</think>\n') === 1 ? 0.5 : 0)
    );
  const tags = expectedTags(options);
  let found = 0;
  let after = -1;
  for (const tag of tags) {
    if (countOccurrences(text, tag) !== 1 || text.indexOf(tag) < after) continue;
    after = text.indexOf(tag);
    found += 1;
  }
  return found / tags.length;
}

export function createTagCountReward(options: ThinkTagOptions): Reward {
  return {
    id: 'tag_count',
    score: ({ completions }) => completions.map(({ text }) => tagCountReward(text, options)),
  };
}
