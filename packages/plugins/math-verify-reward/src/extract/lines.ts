import { trimProse, unwrap } from './trim.js';
import { trimSpace } from './range.js';
import { readProse } from './prose.js';
import type { Span } from '../result.js';

/** How many lines are looked at from the end, and how long one may be, in UTF-16 units. */
const MOST_LINES = 16;
const LONGEST = 80;

/** A bullet is no minus sign where a space follows it and another line has one too, or a name and `=` come after it. */
const BULLET = /^[-*•–]\s+/u;
const ASSIGNMENT = /^(?:\$|\\\(|\\\[)?\s*[A-Za-z](?:_(?:\w|\{\w+\}))?\s*=\s*[^=]+$/u;

/**
 * Answers that stand below each other at the end of a text, a bullet before each or a name that is given a value:
 * `- x = 1`, `- x = 2`. Empty where the last line is none. Numbered lines are rather steps of a solution.
 */
export function lastLines(text: string, section: Span): readonly Span[] {
  const found: Span[] = [];
  let bulleted: boolean | undefined;
  let { end } = trimSpace(text, section);
  while (end > section.start && found.length < MOST_LINES) {
    const start = Math.max(section.start, text.lastIndexOf('\n', end - 1) + 1);
    const item = end - start <= LONGEST ? itemOf(text, { start, end }, bulleted) : undefined;
    if (item === undefined) break;
    bulleted = item.bulleted;
    found.unshift(item.span);
    end = trimSpace(text, { start: section.start, end: start }).end;
  }
  // A single line is read as any other last line, unless what looks like its sign is a bullet.
  const [only] = found;
  const single = found.length === 1 && (bulleted !== true || only === undefined || !isAssignment(text, only));
  return single ? [] : found;
}

function itemOf(
  text: string,
  line: Span,
  bulleted: boolean | undefined,
): { readonly span: Span; readonly bulleted: boolean } | undefined {
  const trimmed = trimSpace(text, line);
  const bullet = BULLET.exec(text.slice(trimmed.start, trimmed.end))?.[0] ?? '';
  const isBulleted = bullet !== '';
  if (bulleted !== undefined && bulleted !== isBulleted) return undefined;
  const span = unwrap(text, trimProse(text, { start: trimmed.start + bullet.length, end: trimmed.end }));
  if (span.start === span.end) return undefined;
  if (isAssignment(text, span)) return { span, bulleted: isBulleted };
  const { words, mathematicsFirst, sentence } = readProse(text, span);
  const isValue =
    mathematicsFirst && !sentence && words <= 2 && !text.slice(span.start, span.end).includes('=');
  return isBulleted && isValue ? { span, bulleted: true } : undefined;
}

function isAssignment(text: string, { start, end }: Span): boolean {
  return ASSIGNMENT.test(text.slice(start, end));
}
