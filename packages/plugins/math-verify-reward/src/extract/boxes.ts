import { CODE, commandEnd, isAsciiLetter, isDigit, isSpace, skipSpace, trimSpace } from './range.js';
import type { Span } from '../result.js';

/** A box in a text: where it stands and what it holds. */
export interface Box {
  /** From the backslash to the closing brace. */
  readonly outer: Span;
  readonly content: Span;
}

const COMMANDS: readonly string[] = ['boxed', 'fbox', 'framebox'];

/** Contents that stand for an answer rather than being one: the instruction is being repeated. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '',
  '...',
  '…',
  '?',
  '\\ldots',
  '\\dots',
  '\\cdots',
  '\\cdot',
  '\\square',
  'answer',
  'ANSWER',
  '\\text{answer}',
  '\\text{youranswer}',
  'youranswer',
  '\\text{finalanswer}',
  '\\text{Answer}',
]);

/** The content as it is compared with that of other boxes: white space and the size of fractions do not count. */
export function squeeze(content: string): string {
  return content.replace(/\s+/g, '').replace(/\\[dt]frac/g, '\\frac');
}

/**
 * The boxes of a text in their order: of nested boxes the outermost, and an unclosed one only where no box follows it.
 * One pass from the first box on; a box inside an unclosed one is a box of its own.
 */
export function findBoxes(text: string, { start, end }: Span): readonly Box[] {
  const boxes: Box[] = [];
  // Two entries for each brace that is open: where its box starts, or -1, and its own place. Empty outside all boxes.
  const open: number[] = [];
  for (let i = firstBox(text, start, end); i >= 0 && i < end;) {
    const code = text.charCodeAt(i);
    if (code === CODE.backslash) i = readCommand(text, i, end, boxes, open);
    else if (code === CODE.openBrace) open.push(-1, i++);
    else if (code === CODE.closeBrace) {
      const brace = open.pop() ?? 0;
      const box = open.pop() ?? -1;
      i++;
      if (box >= 0)
        add(text, boxes, { outer: { start: box, end: i }, content: { start: brace + 1, end: i - 1 } });
    }
    i = open.length === 0 ? firstBox(text, i, end) : nextMark(text, i, end);
  }
  for (let top = open.length - 2; top >= 0; top -= 2) {
    const box = open[top] ?? -1;
    if (box < 0) continue;
    const last = boxes.at(-1);
    const content = { start: (open[top + 1] ?? 0) + 1, end };
    if (last === undefined || last.outer.start < box) addUnclosed(text, boxes, box, content);
    break;
  }
  return boxes;
}

/** Reads a command inside or at the start of a box. Returns where to go on. */
function readCommand(text: string, at: number, end: number, boxes: Box[], open: number[]): number {
  const name = boxNameEnd(text, at, end);
  if (name < 0) return at + (boxNameEnd(text, at + 1, end) < 0 ? 2 : 1);
  const next = skipSpace(text, name, Math.min(end, name + 10));
  if (next < end && text.charCodeAt(next) === CODE.openBrace) {
    open.push(at, next);
    return next + 1;
  }
  const token = tokenEnd(text, next, end);
  if (token > next)
    add(text, boxes, { outer: { start: at, end: token }, content: { start: next, end: token } });
  return Math.max(token, name);
}

/** Position of the first backslash or brace at or after `i`. */
function nextMark(text: string, i: number, end: number): number {
  while (i < end) {
    const code = text.charCodeAt(i);
    if (code === 0x5c || code === 0x7b || code === 0x7d) break;
    i++;
  }
  return i;
}

function add(text: string, boxes: Box[], box: Box): void {
  while ((boxes.at(-1)?.outer.start ?? -1) > box.outer.start) boxes.pop();
  const content = trimSpace(text, box.content);
  const { start, end } = content;
  if (end - start < 30 && PLACEHOLDERS.has(text.slice(start, end).replace(/\s+/g, ''))) return;
  boxes.push({ ...box, content });
}

/** The text broke off, or a brace was forgotten: the content is what is left of the line and the sentence. */
function addUnclosed(text: string, boxes: Box[], start: number, rest: Span): void {
  let i = skipSpace(text, rest.start, rest.end);
  const from = text.charCodeAt(i) === CODE.dollar ? ++i : i;
  for (; i < rest.end; i++) {
    const code = text.charCodeAt(i);
    if (code === CODE.newline || code === CODE.dollar) break;
    if (code !== CODE.backslash) {
      const next = text.charCodeAt(i + 1);
      if (code === 0x2e && (i + 1 >= rest.end || isSpace(next) || next === CODE.dollar)) break;
      continue;
    }
    const next = text[i + 1];
    if (next === ']' || next === ')') break;
    i++;
  }
  add(text, boxes, { outer: { start, end: i }, content: { start: from, end: Math.min(i, rest.end) } });
}

/** Whether a command for a box stands in the span, with or without content. */
export function holdsBox(text: string, { start, end }: Span): boolean {
  return firstBox(text, start, end) >= 0;
}

function firstBox(text: string, start: number, end: number): number {
  for (let at = text.indexOf('box', start); at >= 0 && at < end; at = text.indexOf('box', at + 1)) {
    for (const name of COMMANDS) {
      const slash = at - 1 - name.indexOf('box');
      if (slash >= start && text.charCodeAt(slash) === CODE.backslash && boxNameEnd(text, slash, end) > at)
        return slash;
    }
  }
  return -1;
}

/** Position after the name of a box whose backslash stands at `at`, or -1. */
function boxNameEnd(text: string, at: number, end: number): number {
  const second = text.charCodeAt(at + 1);
  if (second !== 0x62 && second !== 0x66) return -1;
  for (const name of COMMANDS) {
    const after = at + 1 + name.length;
    if (after <= end && text.startsWith(name, at + 1) && !isAsciiLetter(text.charCodeAt(after))) return after;
  }
  return -1;
}

/**
 * End of what a box without braces holds: TeX takes one token, a person means the whole number (`\boxed 42`), the
 * command with its arguments (`\boxed\frac12`), or what stands in brackets. Words are no content: "in \boxed form".
 */
function tokenEnd(text: string, start: number, end: number): number {
  let i = start;
  const code = text.charCodeAt(i);
  if (i >= end) return start;
  if (code === 0x28 || code === 0x5b) return bracketEnd(text, start, end);
  if (code === CODE.backslash) return argumentsEnd(text, commandEnd(text, i, end), end, start);
  if (isAsciiLetter(code)) return isAsciiLetter(text.charCodeAt(i + 1)) ? start : i + 1;
  if (code === 0x2b || code === 0x2d) i++;
  const digits = i;
  while (i < end && isNumberPart(text, i, end)) i++;
  return i > digits ? i : start;
}

function isNumberPart(text: string, i: number, end: number): boolean {
  const code = text.charCodeAt(i);
  return (
    isDigit(code) || ((code === 0x2e || code === 0x2c) && i + 1 < end && isDigit(text.charCodeAt(i + 1)))
  );
}

function bracketEnd(text: string, start: number, end: number): number {
  const limit = Math.min(end, start + 200);
  let depth = 0;
  for (let i = start; i < limit && text.charCodeAt(i) !== CODE.newline; i++) {
    const c = text[i];
    if (c === '(' || c === '[') depth++;
    else if ((c === ')' || c === ']') && --depth === 0) return i + 1;
  }
  return start;
}

function argumentsEnd(text: string, from: number, end: number, start: number): number {
  const name = text.slice(start + 1, from);
  if (!isAsciiLetter(name.charCodeAt(0))) return start;
  const wanted = /^[dtc]?frac$/.test(name)
    ? 2
    : name === 'sqrt' || name === 'text' || name.startsWith('math')
      ? 1
      : 0;
  let i = from;
  for (let n = 0; n < wanted && i < end; n++) {
    i = skipSpace(text, i, Math.min(end, i + 5));
    if (text.charCodeAt(i) !== CODE.openBrace) {
      i++;
      continue;
    }
    const close = braceEnd(text, i, end);
    if (close === i) return start;
    i = close;
  }
  return i;
}

function braceEnd(text: string, start: number, end: number): number {
  const limit = Math.min(end, start + 200);
  let depth = 0;
  for (let i = start; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === CODE.backslash) i++;
    else if (code === CODE.openBrace) depth++;
    else if (code === CODE.closeBrace && --depth === 0) return i + 1;
  }
  return start;
}
