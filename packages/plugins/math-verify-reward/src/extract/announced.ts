import { isSpace, isWordLetter, skipSpace, wordEnd } from './range.js';
import { findFormulas, joinedFormulas, type Formula } from './formulas.js';
import { isItem } from './statement.js';
import { lastPlain } from './plain.js';
import { readProse } from './prose.js';
import { trimProse, unwrap } from './trim.js';
import { valueOf } from './chain.js';
import type { Span } from '../result.js';

/** Words at the start of a statement that add nothing: "the number 12", "option C", "simply 5". */
const FILLERS: ReadonlySet<string> = new Set(
  (
    'the number value of a an exactly simply just therefore thus indeed then so option choice ' +
    'letter equal to given by equals approximately about roughly hence that interval set pair ' +
    'ordered fraction integer both is are now still answer'
  ).split(' '),
);

/** Those of them that belong to no phrase. */
const ADVERBS: ReadonlySet<string> = new Set('therefore thus so hence then indeed simply just'.split(' '));

/** First words of a statement about the answer, not of the answer. */
const REMARKS: ReadonlySet<string> = new Set(
  (
    'correct right wrong incorrect consistent reasonable verified confirmed in as above below not ' +
    'obtained given found unique also clear clearly supposed likely indeed actually expected only ' +
    'format here this what based because since if we it'
  ).split(' '),
);

/** Longest answer in words. */
const MOST_WORDS = 6;

/** The readings of an announced statement, best first; none where it does not give an answer. */
export function announcedAnswers(text: string, statement: Span): readonly (readonly Span[])[] {
  const items = itemsOf(text, statement);
  if (items.length > 1) return [items];
  const span = trimProse(text, statement);
  if (span.start === span.end) return [];
  const formulas = findFormulas(text, span);
  const whole = wholeFormulas(text, span, formulas);
  if (whole.length > 0) return [whole];
  const stripped = stripFillers(text, span);
  const prose = readProse(text, stripped);
  if (!prose.mathematics) return remark(text, stripped, prose.words) ? [] : [[stripped]];
  if (prose.mathematicsFirst && !prose.sentence && prose.words <= MOST_WORDS) {
    return [[unwrap(text, valueOf(text, stripped))], ...leadingValue(text, stripped, formulas)];
  }
  const embedded = lastMathematics(text, stripped, formulas);
  const fallback = embedded.length > 0 ? [embedded] : [];
  const predicate = afterLastCopula(text, stripped, formulas);
  return predicate === undefined ? fallback : [...announcedAnswers(text, predicate), ...fallback];
}

/**
 * The number or formula at the start of an answer, where only words (`12 distinct sequences`, `$5$ square units`) or a
 * remark in brackets (`$\frac12$ (or 0.5)`) follow: a reading of it for the case that the whole cannot be read.
 */
export function leadingValue(
  text: string,
  { start, end }: Span,
  formulas: readonly Formula[],
): readonly (readonly Span[])[] {
  const first = formulas[0];
  let after = start;
  if (first?.outer.start === start) after = first.outer.end;
  else while (after < end && '0123456789.,/$€£'.includes(text[after] ?? ' ')) after++;
  const value = trimProse(text, { start, end: after });
  const rest = end - after < 100 ? text.slice(after, end) : '';
  const remark =
    /^\s+(?:\p{L}{2}[\p{L}\s-]*|\(.*\p{L}{2}.*\))$/u.test(rest) && !/^\s+(?:and|or|\(mod)\b/.test(rest);
  return value.start < value.end && remark ? [[unwrap(text, value)]] : [];
}

/** The last formula of the span with those joined to it, or the last number if that comes later. */
export function lastMathematics(text: string, span: Span, formulas: readonly Formula[]): readonly Span[] {
  const last = lastUnqualified(text, formulas);
  const formulaEnd = formulas.at(-1)?.outer.end ?? span.start;
  const plain = lastPlain(text, { start: Math.max(formulaEnd, span.start), end: span.end });
  if (plain !== undefined) return [plain];
  if (last < 0) return [];
  const joined = joinedFormulas(text, formulas, last);
  return joined.map(({ outer }) =>
    joined.length > 1 ? unwrap(text, outer) : valueOf(text, unwrap(text, outer)),
  );
}

/** Words before a formula that make it a condition: in "the sum is $5$ when $x = 2$" the answer comes before. */
const QUALIFIERS: ReadonlySet<string> = new Set('when where for if since because given with as'.split(' '));

/** Index of the last formula that is no condition of one before it in its sentence. */
function lastUnqualified(text: string, formulas: readonly Formula[]): number {
  let index = formulas.length - 1;
  for (; index > 0; index--) {
    const [before, here] = [formulas[index - 1], formulas[index]];
    if (before === undefined || here === undefined || here.outer.start - before.outer.end > 40) break;
    const between = text.slice(before.outer.end, here.outer.start).trim().toLowerCase();
    if (between.includes('.')) break;
    // "for all real $x$" only says what x is.
    const loneName =
      here.inner.end - here.inner.start === 1 && isWordLetter(text.charCodeAt(here.inner.start));
    const [first = '', ...others] = between.replace(/^,\s*/, '').split(/\s+/);
    if (!QUALIFIERS.has(first) || (others.length > 0 && !loneName)) break;
  }
  return index;
}

/** The formulas, where the span is nothing but formulas joined by commas, `and`, `or`. */
export function wholeFormulas(text: string, span: Span, formulas: readonly Formula[]): readonly Span[] {
  const [first, last] = [formulas[0], formulas.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (first.outer.start !== span.start || last.outer.end !== span.end) return [];
  const joined = joinedFormulas(text, formulas, formulas.length - 1);
  if (joined.length !== formulas.length) return [];
  return joined.length > 1
    ? joined.map(({ outer }) => unwrap(text, outer))
    : [valueOf(text, unwrap(text, unwrap(text, span)))];
}

function itemsOf(text: string, { start, end }: Span): readonly Span[] {
  if (!isItem(text, start, end)) return [];
  const items: Span[] = [];
  for (let at = start; at < end;) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 || newline > end ? end : newline;
    const item = trimProse(text, { start: skipSpace(text, at + 1, stop), end: stop });
    if (item.start < item.end) items.push(unwrap(text, item));
    at = skipSpace(text, stop, end);
  }
  return items;
}

function stripFillers(text: string, span: Span): Span {
  let start = span.start;
  for (;;) {
    const next = wordEnd(text, start, span.end);
    if (next === start || !FILLERS.has(text.slice(start, next).toLowerCase())) break;
    if (next < span.end && !isSpace(text.charCodeAt(next)) && !',:*('.includes(text[next] ?? '')) break;
    const rest = trimProse(text, { start: next, end: span.end });
    if (rest.start === rest.end) break;
    start = rest.start;
    if (ADVERBS.has(text.slice(span.start, next).toLowerCase())) span = rest;
  }
  const rest = { start, end: span.end };
  if (start === span.start) return span;
  // Words after fillers are a phrase ("the red ball") and stay whole.
  const alone = wordEnd(text, start, span.end) - start === 1;
  return alone || readProse(text, rest).mathematicsFirst ? rest : span;
}

function remark(text: string, span: Span, words: number): boolean {
  const first = text.slice(span.start, wordEnd(text, span.start, span.end)).toLowerCase();
  return (
    words > MOST_WORDS ||
    REMARKS.has(first) ||
    span.start === span.end ||
    !/[\p{L}\p{N}∅∞]/u.test(text.slice(span.start, span.end))
  );
}

/** What follows the last "is", "are" or "equals" outside formulas, if mathematics. */
function afterLastCopula(text: string, span: Span, formulas: readonly Formula[]): Span | undefined {
  let found = -1;
  let next = 0;
  for (let i = span.start; i < span.end;) {
    while ((formulas[next]?.outer.start ?? Infinity) < i) next++;
    const formula = formulas[next];
    if (formula?.outer.start === i) {
      i = formula.outer.end;
      continue;
    }
    if (!isWordLetter(text.charCodeAt(i))) {
      i++;
      continue;
    }
    const end = wordEnd(text, i, span.end);
    if (/^(is|are|equals)$/i.test(text.slice(i, end))) found = end;
    i = end;
  }
  const rest = trimProse(text, { start: found, end: span.end });
  return found >= 0 && readProse(text, stripFillers(text, rest)).mathematicsFirst ? rest : undefined;
}
