import type { Span } from '../../result.js';
import { isWordBoundary, nextCharacter, skipSpaces, trim } from './characters.js';
import { Occurrences } from './occurrences.js';

/** What stands in the boxes of a text. */
export interface BoxContents {
  /** The contents from left to right, joined by commas; the whole text where it has no box. */
  readonly text: string;
  /** From the start of the first content to the end of the last. */
  readonly span: Span;
}

interface Box {
  /** Of its command. */
  readonly start: number;
  /** Of its closing brace, or of the text. */
  readonly end: number;
  readonly contentStart: number;
  readonly content: string;
  /** Whether its braces match. */
  readonly closed: boolean;
}

/** Boxes that stand closer than this belong together. */
const CLOSE = 10;
/** Boxes that stand closer than this belong together if a comma or "and" stands between them and they differ. */
const NEAR = 70;

/**
 * Collects the boxes of a text from the last to the first: all of them, or the last and those before it that belong to
 * it. A box repeated at once counts once, boxes around other boxes do not count.
 */
export function boxContents(text: string, which: 'all' | 'last'): BoxContents {
  const boxed = new Occurrences(text, '\\boxed');
  const framed = new Occurrences(text, '\\fbox');
  const contents: string[] = [];
  let later: Box | undefined;
  let [start, end] = [0, text.length];
  for (;;) {
    const before = later?.start ?? text.length;
    const box = lastBox(text, boxed.before(before), framed.before(before), before);
    if (!box) break;
    if (!box.closed) {
      if (contents.length > 0) break;
      return { text: box.content, span: { start: box.contentStart, end: box.end } };
    }
    if (which === 'last' && later && !belongsTo(text, box, later, contents.at(-1) ?? '')) break;
    if (contents.at(-1) !== box.content) contents.push(box.content);
    start = box.contentStart;
    if (!later) end = box.end;
    later = box;
  }
  return { text: contents.length > 0 ? contents.reverse().join(',') : text, span: { start, end } };
}

/** The box whose command is the later of two, each -1 where there is none; `limit` is where a later box starts. */
function lastBox(text: string, boxed: number, framed: number, limit: number): Box | undefined {
  const start = Math.max(boxed, framed);
  if (start < 0) return undefined;
  const brace = skipSpaces(text, start + (boxed > framed ? '\\boxed' : '\\fbox').length);
  if (brace >= limit) return undefined;
  const end = text[brace] === '{' ? closingBrace(text, brace, limit) : -1;
  if (end < 0)
    return { start, end: text.length, contentStart: brace, content: text.slice(brace), closed: false };
  return { start, end, contentStart: brace + 1, content: trim(text.slice(brace + 1, end)), closed: true };
}

function closingBrace(text: string, opening: number, limit: number): number {
  let depth = 0;
  for (let at = opening; at < limit; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function belongsTo(text: string, box: Box, later: Box, laterContent: string): boolean {
  const between = text.slice(box.end + 1, later.start);
  if (shorterThan(between, CLOSE)) return true;
  return box.content !== laterContent && shorterThan(between, NEAR) && separates(between);
}

function shorterThan(text: string, characters: number): boolean {
  let count = 0;
  for (let position = 0; position < text.length && count < characters; count++)
    position = nextCharacter(text, position);
  return count < characters;
}

function separates(between: string): boolean {
  return (
    between.includes(',') || between.includes(';') || ['and', 'or'].some((word) => hasWord(between, word))
  );
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (isWordBoundary(text, at) && isWordBoundary(text, at + word.length)) return true;
  return false;
}
