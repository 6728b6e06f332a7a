import { CODE, isSpace, isWordLetter, skipSpace, wordBefore, wordEnd } from './range.js';
import { announcedAnswers } from './announced.js';
import { isHeading, statementSpan } from './statement.js';
import type { Span } from '../result.js';

/** Announcements that are tried, from the end of the text. */
const MOST_TRIES = 20;

/** So many different answers, announced one right after the other, are a listing: all of them are the answer. */
const GUESSES = 3;

/** From the end of an answer to the start of the next one, in UTF-16 units, where they follow right on each other. */
const LONGEST_PAUSE = 60;

/** Words that announce, with what must stand right before them. */
const ANCHORS = /answer|option|choice/gi;
const CHOICE_ATTRIBUTES: ReadonlySet<string> = new Set(['correct', 'right', 'best', 'final']);

/** Verbs between the announcement and the answer. */
const COPULAS: ReadonlySet<string> = new Set('is are equals becomes was were be'.split(' '));

/** Words before the copula: "the answer should be", "the answer to the problem is". */
const AUXILIARIES: ReadonlySet<string> = new Set('would should must will can may therefore thus'.split(' '));
const COMPLEMENTS: ReadonlySet<string> = new Set(
  'to for of after when in expressed rounded as given from here we that'.split(' '),
);

/** Words of a heading around "answer", and of a sentence that ends in it. */
const DETERMINERS: ReadonlySet<string> = new Set('the our my final correct an required desired'.split(' '));

/**
 * The answers that the last announcement gives, best first: each a list of parts; three different ones in a row are
 * one listing. Announcements are, in any case and with bold marks around them:
 *
 * | announcement | answer |
 * |---|---|
 * | `The (final, correct) answer is 5.`, `answers are`, `answer to ... is`, `answer should be`, `the correct option is` | rest of the sentence |
 * | `Answer: 5`, `Final Answer: ...` | rest of the line |
 * | `**Final Answer**`, `## Answer`, `Answer:` at the end of a line | the next formula, list or line |
 * | `Answer 9`, `Answer $9$` at the start of a line | rest of the sentence |
 * | `5 is the answer` | what stands before it in the sentence |
 */
export function lastAnnouncement(text: string, span: Span): readonly (readonly Span[])[] {
  const anchors: number[] = [];
  ANCHORS.lastIndex = span.start;
  for (let found = ANCHORS.exec(text); found !== null && found.index < span.end; found = ANCHORS.exec(text)) {
    anchors.push(found.index);
  }
  ANCHORS.lastIndex = 0;
  const found: (readonly (readonly Span[])[])[] = [];
  for (const anchor of anchors.slice(-MOST_TRIES).reverse()) {
    const next = found.at(-1)?.[0]?.[0]?.start;
    const answers = announcedAt(text, anchor, span);
    const end = answers[0]?.at(-1)?.end;
    if (end === undefined) continue;
    if (next !== undefined && next - end > LONGEST_PAUSE) break;
    found.push(answers);
  }
  const listing = listed(text, found);
  return listing.length >= GUESSES ? [listing] : (found[0] ?? []);
}

/** The different answers that are announced one right after the other, in their order. */
function listed(text: string, found: readonly (readonly (readonly Span[])[])[]): readonly Span[] {
  const different = new Map<string, readonly Span[]>();
  for (const answers of found) {
    const spans = answers[0] ?? [];
    const key = spans.map(({ start, end }) => text.slice(start, end)).join('\n');
    if (!different.has(key)) different.set(key, spans);
  }
  return different.size >= GUESSES ? [...different.values()].reverse().flat() : [];
}

function announcedAt(text: string, anchor: number, span: Span): readonly (readonly Span[])[] {
  if (anchor > span.start && isWordLetter(text.charCodeAt(anchor - 1))) return [];
  let end = wordEnd(text, anchor, span.end);
  const word = text.slice(anchor, end).toLowerCase();
  if (!/^(answers?|options?|choices?)$/.test(word)) return [];
  const before = skipBack(text, span.start, anchor);
  const attribute = wordBefore(text, span.start, before);
  if (!word.startsWith('answer') && !CHOICE_ATTRIBUTES.has(attribute)) return [];
  if (text.startsWith('(s)', end)) end += 3;
  const statement = statementStart(text, anchor, end, span);
  if (statement >= 0) return announcedAnswers(text, statementSpan(text, statement, span.end));
  return word === 'answer' ? subjectBefore(text, anchor, span) : [];
}

/** Where the announced answer begins, or -1. */
function statementStart(text: string, anchor: number, end: number, span: Span): number {
  const i = skipMarks(text, end, span.end);
  const c = text[i] ?? '';
  if (i >= span.end) return -1;
  if (c === ':' || c === '：' || c === '=') return i + 1;
  if (c === '\n') return isHeading(text, anchor, span, DETERMINERS) ? i + 1 : -1;
  const next = wordEnd(text, i, span.end);
  const word = text.slice(i, next).toLowerCase();
  if (COPULAS.has(word)) return afterCopula(text, next, span.end);
  if (AUXILIARIES.has(word) || COMPLEMENTS.has(word)) return copulaLater(text, next, span.end);
  const bare = next - i <= 1 && isHeading(text, anchor, span, DETERMINERS);
  return bare && text.charCodeAt(i - 1) !== CODE.newline ? i : -1;
}

/** Where the answer begins after "is", "is:"; or -1. */
function afterCopula(text: string, from: number, end: number): number {
  const i = skipMarks(text, from, end);
  // "The answer is not 12" announces nothing; "not defined" is an answer.
  if (/^not\s+[\d$\\(.-]/i.test(text.slice(i, Math.min(end, i + 8)))) return -1;
  return text[i] === ':' ? i + 1 : from;
}

/** After the first copula or colon of the rest of the sentence, at most 100 units on. */
function copulaLater(text: string, from: number, end: number): number {
  const limit = Math.min(end, from + 100);
  for (let i = from; i < limit;) {
    const c = text[i] ?? '';
    if (c === ':') return i + 1;
    if (c === '\n' || c === '?' || (c === '.' && isSpace(text.charCodeAt(i + 1)))) return -1;
    if (!isWordLetter(text.charCodeAt(i))) {
      i++;
      continue;
    }
    const next = wordEnd(text, i, end);
    if (COPULAS.has(text.slice(i, next).toLowerCase())) return afterCopula(text, next, end);
    i = next;
  }
  return -1;
}

/** "Therefore, Evelyn is our answer." */
function subjectBefore(text: string, anchor: number, span: Span): readonly (readonly Span[])[] {
  let at = skipBack(text, span.start, anchor);
  let word = wordBefore(text, span.start, at);
  for (let n = 0; n < 3 && DETERMINERS.has(word); n++) {
    at = skipBack(text, span.start, at - word.length);
    word = wordBefore(text, span.start, at);
  }
  if (word !== 'is' || at === skipBack(text, span.start, anchor)) return [];
  const end = at - word.length;
  // "Wait, is the answer 6?" asks.
  if (text[skipBack(text, span.start, end) - 1] === ',') return [];
  const limit = Math.max(span.start, end - 200);
  let start = end;
  while (start > limit && !startsSentence(text, start)) start--;
  return announcedAnswers(text, { start, end });
}

function startsSentence(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before === CODE.newline || (isSpace(before) && '.?!'.includes(text[at - 2] ?? ' '));
}

function skipBack(text: string, start: number, at: number): number {
  while (at > start && (isSpace(text.charCodeAt(at - 1)) || '*_'.includes(text[at - 1] ?? ''))) at--;
  return at;
}

/** Skips bold marks, quotes and spaces, but no line break. */
function skipMarks(text: string, from: number, end: number): number {
  let i = from;
  while (i < end && ' *_\t"\')'.includes(text[i] ?? '')) i++;
  return i < end && text[i] === '\r' ? skipSpace(text, i, i + 1) : i;
}
