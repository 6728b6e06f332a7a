import { CODE, isAsciiLetter, isBlank, isDigit, skipSpace, trimSpace } from './range.js';
import { readProse } from './prose.js';
import { trimProse, unwrap } from './trim.js';
import type { Span } from '../result.js';

/** Ways to mark an answer that are no words, the most deliberate first. Each gives the last answer that is so marked. */
export const MARKERS: readonly ((text: string, span: Span) => Span | undefined)[] = [
  taggedAnswer,
  hashAnswer,
  jsonAnswer,
];

/** `<answer>5</answer>`; an unclosed tag at the end holds the rest of the text. */
function taggedAnswer(text: string, { start, end }: Span): Span | undefined {
  const open = lastWithin(text, '<answer>', start, end);
  if (open < 0) return undefined;
  const from = open + '<answer>'.length;
  const close = text.indexOf('</answer>', from);
  const content = trimProse(text, { start: from, end: close < 0 || close > end ? end : close });
  return content.start < content.end ? unwrap(text, content) : undefined;
}

/**
 * `#### 18`: four hashes, then an answer to the end of the line. A heading of that level (`#### Step 3`) is no answer:
 * it begins with a word or has many.
 */
function hashAnswer(text: string, { start, end }: Span): Span | undefined {
  for (let at = lastWithin(text, '####', start, end), tries = 0; at >= 0 && tries < 50; tries++) {
    const hashes = text[at + 4] !== '#' && text[at - 1] !== '#';
    const newline = text.indexOf('\n', at);
    const line = { start: at + 4, end: newline < 0 || newline > end ? end : newline };
    if (hashes && line.end - line.start < 300) {
      const content = trimProse(text, line);
      if (isHashAnswer(text, content)) return unwrap(text, content);
    }
    at = at - 4 < start ? -1 : lastWithin(text, '####', start, at);
  }
  return undefined;
}

function isHashAnswer(text: string, content: Span): boolean {
  if (content.start === content.end) return false;
  // `1. Setup` and `2) Solve` are numbered headings.
  let i = content.start;
  while (isDigit(text.charCodeAt(i))) i++;
  const numbered =
    i > content.start && (text[i] === '.' || text[i] === ')') && text.charCodeAt(i + 1) === CODE.space;
  if (numbered && isAsciiLetter(text.charCodeAt(i + 2))) return false;
  const prose = readProse(text, content);
  if (prose.sentence) return false;
  return prose.mathematicsFirst ? prose.words <= 3 : prose.words <= 1 && content.end - content.start === 1;
}

/** `{"answer": "\\frac{1}{2}"}`: the last field named `answer` or `final_answer`. */
function jsonAnswer(text: string, { start, end }: Span): Span | undefined {
  const key = Math.max(
    lastWithin(text, '"answer"', start, end),
    lastWithin(text, '"final_answer"', start, end),
  );
  if (key < 0) return undefined;
  const colon = skipSpace(text, text.indexOf('"', key + 1) + 1, end);
  if (text[colon] !== ':') return undefined;
  const from = skipSpace(text, colon + 1, end);
  const quoted = text[from] === '"';
  const to = quoted ? stringEnd(text, from + 1, end) : valueEnd(text, from, end);
  const content = trimSpace(text, { start: quoted ? from + 1 : from, end: to });
  return isBlank(text, content) ? undefined : unwrap(text, content);
}

function stringEnd(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && text[i] !== '"') i += text.charCodeAt(i) === CODE.backslash ? 2 : 1;
  return Math.min(i, end);
}

/** Numbers and arrays: up to the comma or bracket that is not inside. */
function valueEnd(text: string, start: number, end: number): number {
  let depth = 0;
  let i = start;
  for (; i < end && text.charCodeAt(i) !== CODE.newline; i++) {
    const c = text[i];
    if (c === '[') depth++;
    else if (c === ']') depth--;
    else if (depth === 0 && (c === ',' || c === '}')) break;
  }
  return i;
}

function lastWithin(text: string, needle: string, start: number, end: number): number {
  const at = text.lastIndexOf(needle, end - needle.length);
  return at < start ? -1 : at;
}
