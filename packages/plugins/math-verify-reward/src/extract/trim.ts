import { CODE, isSpace, isWordLetter, trimSpace } from './range.js';
import type { Span } from '../result.js';

/** Marks of prose and markdown that stand around an answer without being part of it. */
const LEADING = '*`"“”‘:;,.。：>';
const TRAILING = '*`"“”’:;,?。，：';

/** The span without white space, bold marks, quotes and the full stop around it. */
export function trimProse(text: string, span: Span): Span {
  let { start, end } = trimSpace(text, span);
  while (start < end && isLeading(text, start, end))
    ({ start, end } = trimSpace(text, { start: start + 1, end }));
  while (end > start && isTrailing(text, start, end))
    ({ start, end } = trimSpace(text, { start, end: end - 1 }));
  return { start, end };
}

/** A point before a digit begins a decimal, and `**` before it is bold, not a power. */
function isLeading(text: string, start: number, end: number): boolean {
  const c = text[start] ?? '';
  if (!LEADING.includes(c)) return c === '_' && text[start + 1] === '_';
  const next = text.charCodeAt(start + 1);
  return c !== '.' || start + 1 >= end || !(next >= 0x30 && next <= 0x39);
}

function isTrailing(text: string, start: number, end: number): boolean {
  const c = text[end - 1] ?? '';
  if (c === '.')
    return !endsAbbreviation(text, start, end) && !(end - start > 3 && text.startsWith('...', end - 3));
  if (c === '_') return text[end - 2] === '_';
  // `\,` and `\:` are spaces, an escaped character is not a mark.
  if (text.charCodeAt(end - 2) === CODE.backslash && end - start > 1) return false;
  return TRAILING.includes(c);
}

/** `5:30 p.m.` keeps its last point. */
function endsAbbreviation(text: string, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    text[end - 3] === '.' &&
    isWordLetter(text.charCodeAt(end - 2)) &&
    isWordLetter(text.charCodeAt(end - 4)) &&
    !isWordLetter(text.charCodeAt(end - 5))
  );
}

const DELIMITERS: readonly (readonly [string, string])[] = [
  ['$$', '$$'],
  ['$', '$'],
  ['\\(', '\\)'],
  ['\\[', '\\]'],
];

/** What is left when delimiters around the whole span are taken off: `$5$` is 5, `$5$ and $6$` stays. */
export function unwrap(text: string, span: Span): Span {
  const trimmed = trimSpace(text, span);
  for (const [open, close] of DELIMITERS) {
    const { start, end } = trimmed;
    if (end - start <= open.length + close.length || !text.startsWith(open, start)) continue;
    if (
      !text.startsWith(close, end - close.length) ||
      text.charCodeAt(end - close.length - 1) === CODE.backslash
    )
      continue;
    const inner = { start: start + open.length, end: end - close.length };
    if (holds(text, inner, close)) continue;
    return trimFormula(text, inner);
  }
  return trimmed;
}

/** Whether a delimiter that is not escaped stands inside. */
function holds(text: string, { start, end }: Span, delimiter: string): boolean {
  for (let at = text.indexOf(delimiter, start); at >= 0 && at < end; at = text.indexOf(delimiter, at + 1)) {
    if (text.charCodeAt(at - 1) !== CODE.backslash) return true;
  }
  return false;
}

/** A formula without the white space and the punctuation of the sentence that it ends. */
export function trimFormula(text: string, span: Span): Span {
  const trimmed = trimSpace(text, span);
  const { start } = trimmed;
  let { end } = trimmed;
  while (end > start) {
    const c = text[end - 1] ?? '';
    const escaped = text.charCodeAt(end - 2) === CODE.backslash;
    if (escaped || !(c === '.' || c === ',' || c === ';' || isSpace(c.charCodeAt(0)))) break;
    if (c === '.' && text.startsWith('...', end - 3)) break;
    end--;
  }
  return { start, end };
}
