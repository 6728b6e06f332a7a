import { CODE, isSpace, isWordLetter, skipSpace, wordEnd } from './range.js';
import type { Span } from '../result.js';

/** Longest answer that is announced in words, in UTF-16 units. */
const LONGEST_STATEMENT = 1_000;

/** Words that open the reason after an answer: "5, because 2 + 3 = 5". So does ", not 6". */
const REASONS: ReadonlySet<string> = new Set('because since as so where which hence thus'.split(' '));

/** Whether nothing but words of a heading stands in the line before `at`: `## The Final `, `**`. */
export function isHeading(text: string, at: number, span: Span, words: ReadonlySet<string>): boolean {
  const line = Math.max(span.start, text.lastIndexOf('\n', at - 1) + 1);
  if (at - line > 60) return false;
  for (let i = line; i < at;) {
    if (!isWordLetter(text.charCodeAt(i))) {
      if (!' #*_>\t\r-'.includes(text[i] ?? '')) return false;
      i++;
      continue;
    }
    const next = wordEnd(text, i, at);
    if (!words.has(text.slice(i, next).toLowerCase())) return false;
    i = next;
  }
  return true;
}

/**
 * What an announcement that ends at `from` announces: the rest of the sentence; where the line is over, the next
 * formula, line, or list of items. Formulas are taken whole, with the full stops and line breaks in them.
 */
export function statementSpan(text: string, from: number, sectionEnd: number): Span {
  const start = skipOpening(text, from, sectionEnd);
  const end = Math.min(sectionEnd, start + LONGEST_STATEMENT);
  if (isItem(text, start, end)) return { start, end: listEnd(text, start, end) };
  return { start, end: sentenceEnd(text, start, end) };
}

function skipOpening(text: string, from: number, end: number): number {
  let i = from;
  while (i < end && (isSpace(text.charCodeAt(i)) || '*_:>"}'.includes(text[i] ?? ''))) {
    if (text[i] === '*' && text[i + 1] === ' ' && text.charCodeAt(i - 1) === CODE.newline) break;
    i++;
  }
  return i;
}

/** `- x = 1` and `* x = 1`. */
export function isItem(text: string, at: number, end: number): boolean {
  const c = text[at] ?? '';
  if (at + 1 >= end || !(c === '-' || c === '*' || c === '•') || text.charCodeAt(at + 1) !== CODE.space)
    return false;
  const newline = text.indexOf('\n', at);
  return newline >= 0 && newline < end && text[skipSpace(text, newline, end)] === c;
}

function listEnd(text: string, start: number, end: number): number {
  const bullet = text[start];
  let at = start;
  for (;;) {
    const newline = text.indexOf('\n', at);
    if (newline < 0 || newline >= end) return end;
    const next = skipSpace(text, newline, end);
    if (text[next] !== bullet) return newline;
    at = next;
  }
}

function sentenceEnd(text: string, start: number, end: number): number {
  let depth = 0;
  for (let i = start; i < end;) {
    const code = text.charCodeAt(i);
    if (code === CODE.backslash || code === CODE.dollar) {
      const next = formulaEnd(text, i, end);
      // `The answer is $x = 3.$ It ...`: the sentence ends inside the formula.
      if (next - i > 3 && /[.]\s*(?:\$|\\[)\]])$/.test(text.slice(next - 5, next))) return next;
      i = next;
      continue;
    }
    if (code === CODE.newline) return i;
    const c = text[i] ?? '';
    if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if ((c === '.' || c === '?' || c === '。') && stopsAt(text, i, end)) return i;
    if (isWordLetter(code)) {
      const next = wordEnd(text, i, end);
      const word = text.slice(i, next).toLowerCase();
      if (i > start && depth <= 0 && (REASONS.has(word) || (word === 'not' && text.startsWith(', ', i - 2))))
        return i;
      i = next;
    } else i++;
  }
  return end;
}

/** A full stop before a space, a mark or the end; not one inside a number or in an ellipsis. */
function stopsAt(text: string, i: number, end: number): boolean {
  const abbreviation = text[i - 2] === '.' && isWordLetter(text.charCodeAt(i - 1));
  if (i + 1 >= end) return !abbreviation;
  const next = text[i + 1] ?? '';
  return (isSpace(next.charCodeAt(0)) || '*"”<)'.includes(next)) && !abbreviation;
}

/** Position after the formula or command that begins at `i`, as far as it is closed within `end`. */
function formulaEnd(text: string, i: number, end: number): number {
  const two = text.slice(i, i + 2);
  const close =
    two === '\\(' ? '\\)' : two === '\\[' ? '\\]' : two === '$$' ? '$$' : two.startsWith('$') ? '$' : '';
  if (close === '') return i + 2;
  const at = text.slice(i + 1, end).indexOf(close, close === '$' ? 0 : 1);
  if (at < 0) return i + 1;
  const after = i + 1 + at + close.length;
  // A dollar that is money does not reach over a line.
  return close === '$' && text.slice(i, after).includes('\n') ? i + 1 : after;
}
