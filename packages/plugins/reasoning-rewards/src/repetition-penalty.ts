import { DoppioError, type Reward } from '@doppio/core';
import { z } from 'zod';
import { modeOption, type Mode } from './mode.js';
import { splitWhitespace } from './python-text.js';

export interface RepetitionPenaltyOptions {
  readonly mode: Mode;
  /** Words in an n-gram. Default 3. */
  readonly ngramSize: number;
  /** Value that full repetition tends to; not above 0. Default -1. */
  readonly maxPenalty: number;
}

export const repetitionPenaltyOptions = z.strictObject({
  mode: modeOption,
  ngramSize: z.number().int().min(1).default(3),
  maxPenalty: z.number().max(0).default(-1),
});

/** Scripts without blanks between words, and pictographs: each character is a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}]/gu;

/**
 * `maxPenalty * (1 - different n-grams / all n-grams)` over lower-cased words; 0 for fewer words than an n-gram has
 * (Demystifying Long Chain-of-Thought Reasoning, 2502.03373, appendix C.2).
 *
 * `published` splits at whitespace, so that text in scripts without blanks is one word and is never penalised;
 * `corrected` takes each of their characters for a word.
 *
 * @throws DoppioError REWARD_OPTIONS for a penalty above 0 or an n-gram size that is not a positive integer
 */
export function repetitionPenalty(text: string, options: RepetitionPenaltyOptions): number {
  const { mode, ngramSize, maxPenalty } = options;
  if (!(maxPenalty <= 0) || !Number.isInteger(ngramSize) || ngramSize < 1)
    throw new DoppioError('REWARD_OPTIONS', {
      what: 'The repetition penalty needs a penalty of at most 0 and an n-gram size of at least 1.',
      where: 'reward repetition_penalty',
      seen: `maxPenalty ${String(maxPenalty)}, ngramSize ${String(ngramSize)}`,
      fix: 'A penalty is written as a negative number, e.g. maxPenalty: -1.',
    });
  const lower = text.toLowerCase();
  const words = splitWhitespace(mode === 'published' ? lower : lower.replace(UNSPACED, ' $& '));
  const total = words.length - ngramSize + 1;
  if (total < 1) return 0;
  const different = new Set<string>();
  for (let i = 0; i < total; i += 1) different.add(words.slice(i, i + ngramSize).join(' '));
  // + 0 turns -0 into 0.
  return (1 - different.size / total) * maxPenalty + 0;
}

export function createRepetitionPenaltyReward(options: RepetitionPenaltyOptions): Reward {
  return {
    id: 'repetition_penalty',
    score: ({ completions }) => completions.map(({ text }) => repetitionPenalty(text, options)),
  };
}
