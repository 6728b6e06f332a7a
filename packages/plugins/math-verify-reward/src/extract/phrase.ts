import { isSpace, isWordLetter, wordEnd } from './range.js';
import { readProse } from './prose.js';
import { trimProse } from './trim.js';
import type { Span } from '../result.js';

/** Where the words that answer are looked for: so far from the end, in UTF-16 units. */
const WINDOW = 300;
const MOST_WORDS = 4;

/** The answer of a text without any mathematics: its last bold words, or what its last sentence says after "is". */
export function lastPhrase(text: string, section: Span): Span | undefined {
  const tail = trimProse(text, { start: Math.max(section.start, section.end - WINDOW), end: section.end });
  return lastBold(text, { start: tail.start, end: section.end }) ?? lastPredicate(text, tail);
}

function lastBold(text: string, { start, end }: Span): Span | undefined {
  const close = text.lastIndexOf('**', end - 2);
  const open = close < 0 ? -1 : text.lastIndexOf('**', close - 2);
  if (open < start || close - open > 80 || text[close - 1] === ':' || text[close + 2] === ':')
    return undefined;
  const bold = trimProse(text, { start: open, end: close });
  return readable(text, bold) ? bold : undefined;
}

function lastPredicate(text: string, tail: Span): Span | undefined {
  let found = -1;
  for (let i = tail.start; i < tail.end;) {
    if (!isWordLetter(text.charCodeAt(i))) {
      if (text[i] === '.' && isSpace(text.charCodeAt(i + 1))) found = -1;
      i++;
      continue;
    }
    const end = wordEnd(text, i, tail.end);
    if (/^(is|are|was)$/.test(text.slice(i, end))) found = end;
    i = end;
  }
  const rest = trimProse(text, { start: found, end: tail.end });
  return found >= 0 && readable(text, rest) ? rest : undefined;
}

function readable(text: string, span: Span): boolean {
  const { words, sentence } = readProse(text, span);
  return span.start < span.end && words <= MOST_WORDS && !sentence;
}
