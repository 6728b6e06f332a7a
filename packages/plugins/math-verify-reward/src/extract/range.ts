import type { AnswerSource, Extraction, Span } from '../result.js';

/** Code units that the scanners ask for by name. */
export const CODE = {
  newline: 0x0a,
  space: 0x20,
  dollar: 0x24,
  backslash: 0x5c,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

export function isSpace(code: number): boolean {
  return (
    code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x202f || code === 0x3000
  );
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isAsciiLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Letters of words: ASCII, and everything above that is no punctuation or symbol in common use. */
export function isWordLetter(code: number): boolean {
  return isAsciiLetter(code) || (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7);
}

/** The span without white space at its ends. */
export function trimSpace(text: string, { start, end }: Span): Span {
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

export function isBlank(text: string, span: Span): boolean {
  const { start, end } = trimSpace(text, span);
  return start === end;
}

/** First position at or after `start` that is no white space. */
export function skipSpace(text: string, start: number, end: number): number {
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  return start;
}

/** Position after the word that starts at `start`. */
export function wordEnd(text: string, start: number, end: number): number {
  while (start < end && isWordLetter(text.charCodeAt(start))) start++;
  return start;
}

/** Position after the command (`\name` or `\` and one character) that starts at `start`. */
export function commandEnd(text: string, start: number, end: number): number {
  let i = start + 1;
  while (i < end && isAsciiLetter(text.charCodeAt(i))) i++;
  return Math.min(i === start + 1 ? i + 1 : i, end);
}

/** @param spans - one at least */
export function extraction(text: string, spans: readonly Span[], source: AnswerSource): Extraction {
  return {
    parts: spans.map(({ start, end }) => unescape(text.slice(start, end))),
    span: { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 },
    source,
  };
}

/**
 * `\\frac{1}{2}`, as it stands in the text of a program or in JSON, is `\frac{1}{2}`: where each command has two
 * backslashes, one of each two goes. Line breaks of a matrix stand beside commands that have one.
 */
function unescape(part: string): string {
  if (!part.includes('\\\\')) return part;
  let doubled = false;
  for (let i = 0; i < part.length; i++) {
    if (part.charCodeAt(i) !== CODE.backslash) continue;
    const from = i;
    while (part.charCodeAt(i) === CODE.backslash) i++;
    const command = isAsciiLetter(part.charCodeAt(i));
    if (command && (i - from) % 2 === 1) return part;
    doubled ||= command;
  }
  return doubled ? part.replaceAll('\\\\', '\\') : part;
}

/** The last of `words` that ends at `end`, lower case; '' where a letter does not stand there. */
export function wordBefore(text: string, start: number, end: number): string {
  let from = end;
  while (from > start && isWordLetter(text.charCodeAt(from - 1)) && end - from < 40) from--;
  return text.slice(from, end).toLowerCase();
}
