import { extraction, isBlank } from './range.js';
import { findBoxes } from './boxes.js';
import { finalGroup } from './box-group.js';
import { findFormulas } from './formulas.js';
import { lastAnnouncement } from './announcement.js';
import { announcedAnswers, lastMathematics } from './announced.js';
import { lastLines } from './lines.js';
import { MARKERS } from './markers.js';
import { lastPhrase } from './phrase.js';
import { readProse } from './prose.js';
import { sectionsOf } from './section.js';
import { wholeAnswer } from './whole.js';
import type { Extraction, Span } from '../result.js';

/**
 * Where the final answer of a text stands, best first. Linear in the text's length. An empty list: nothing that could
 * be an answer. The first entry that can be read is the answer; a box always stands alone, so that no second guess is
 * taken where a box holds something unreadable.
 *
 * | order | where | what counts |
 * |---|---|---|
 * | 1 | boxes | the last one with those that belong to it; nothing else where there is one |
 * | 2 | markers | `<answer>` tags, `####`, a JSON field `answer`; the last of each |
 * | 3 | announcements | "the final answer is", "Answer:" and the like; the last one |
 * | 4 | whole text | a gold that is a column value; a completion that is nothing but an answer |
 * | 5 | lines of their own at the end | `- x = 1` above `- x = 2`: all of them |
 * | 6 | formulas | the last one with those joined to it by commas, "and", "or"; or the last number, if that comes later |
 * | 7 | words | the last bold words, or what the last sentence says after "is" |
 *
 * Of a completion with a closed thought only what follows the thought counts; where that holds nothing at all, the
 * boxes of the thought do.
 */
export function extractAnswer(text: string, role: 'gold' | 'prediction'): readonly Extraction[] {
  const { answer, thought } = sectionsOf(text);
  const found = extractFrom(text, answer, role);
  return found.length > 0 || thought === undefined ? found : boxed(text, thought);
}

function extractFrom(text: string, section: Span, role: 'gold' | 'prediction'): readonly Extraction[] {
  const boxes = boxed(text, section);
  if (boxes.length > 0 || isBlank(text, section)) return boxes;
  for (const find of MARKERS) {
    const marked = find(text, section);
    if (marked !== undefined) return readMarked(text, marked);
  }
  const announced = lastAnnouncement(text, section).map((spans) => extraction(text, spans, 'announcement'));
  if (announced.length > 0) return distinct(announced);
  const whole = wholeAnswer(text, section, role).map((spans) => extraction(text, spans, 'whole'));
  if (whole.length > 0) return distinct(whole);
  const lines = lastLines(text, section);
  if (lines.length > 0) return [extraction(text, lines, 'plain')];
  const formulas = findFormulas(text, section);
  const last = lastMathematics(text, section, formulas);
  if (last.length > 0) {
    const formulaLast = (formulas.at(-1)?.outer.end ?? -1) >= (last.at(-1)?.end ?? 0);
    return [extraction(text, last, formulaLast ? 'formula' : 'plain')];
  }
  const phrase = lastPhrase(text, section);
  return phrase === undefined ? [] : [extraction(text, [phrase], 'plain')];
}

/** What stands in a marked place may be a sentence about the answer; what else it is stays whole. */
function readMarked(text: string, span: Span): readonly Extraction[] {
  const announced = readProse(text, span).sentence ? lastAnnouncement(text, span) : [];
  const answers = announced.length > 0 ? announced : announcedAnswers(text, span);
  return distinct(
    (answers.length > 0 ? answers : [[span]]).map((spans) => extraction(text, spans, 'marker')),
  );
}

/** Without entries that repeat the one before: the caller reads each. */
function distinct(found: readonly Extraction[]): readonly Extraction[] {
  return found.filter((entry, index) => entry.parts.join('\n') !== found[index - 1]?.parts.join('\n'));
}

function boxed(text: string, section: Span): readonly Extraction[] {
  const group = finalGroup(text, findBoxes(text, section)).map(({ content }) => content);
  return group.length > 0 ? [extraction(text, group, 'box')] : [];
}
