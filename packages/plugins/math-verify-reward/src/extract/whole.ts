import { holdsBox } from './boxes.js';
import { findFormulas } from './formulas.js';
import { readProse } from './prose.js';
import { trimProse, unwrap } from './trim.js';
import { leadingValue, wholeFormulas } from './announced.js';
import type { Span } from '../result.js';

/** How long and how wordy a text may be that is itself the answer. Lengths in UTF-16 units. */
const LIMITS = {
  gold: { length: 20_000, words: 12, wordsOnly: 30 },
  prediction: { length: 200, words: 6, wordsOnly: 4 },
} as const;

/**
 * The readings of a text that is nothing but an answer, best first; none where it is a text about one. A completion
 * must begin with mathematics or be a few words without a verb, on one line or in one formula; a gold, as a value of a
 * column, may say more.
 */
export function wholeAnswer(
  text: string,
  section: Span,
  role: 'gold' | 'prediction',
): readonly (readonly Span[])[] {
  const span = trimProse(text, section);
  const limits = LIMITS[role];
  if (span.start === span.end || span.end - span.start > limits.length || holdsBox(text, span)) return [];
  const formulas = findFormulas(text, span);
  const whole = wholeFormulas(text, span, formulas);
  if (whole.length > 0) return [whole];
  const newline = text.indexOf('\n', span.start);
  const lines = newline >= 0 && newline < span.end;
  const prose = readProse(text, span);
  if (lines && (role === 'prediction' || prose.words > 0)) return [];
  const fits = !prose.mathematics
    ? prose.words <= limits.wordsOnly && (role === 'gold' || !prose.sentence)
    : role === 'gold'
      ? prose.words <= limits.words
      : (prose.mathematicsFirst || namesChoice(text, span)) && !prose.sentence && prose.words <= limits.words;
  return fits ? [[unwrap(text, span)], ...leadingValue(text, span, formulas)] : [];
}

/** "Option B". */
function namesChoice(text: string, { start, end }: Span): boolean {
  return /^(?:option|choice)\s/i.test(text.slice(start, Math.min(end, start + 7)));
}
