import { integer } from '../answer/build.js';
import type { Expression, FunctionName, ListExpression } from '../answer/expression.js';
import { mapChildren } from '../answer/tree.js';
import type { Budget } from '../budget.js';
import { isChoiceLetter, letterAhead, lettersOf } from './choices.js';
import { Cursor, Unreadable, type Doubt } from './cursor.js';
import { meaningOf } from './phrases.js';
import { readWhole } from './whole.js';
import { isPlainWord, textOf } from './text.js';
import type { Token } from './token.js';
import { tokenize } from './tokens.js';

export type ReadOutcome =
  /** What the answer may mean, the likeliest first: one to three. */
  | { readonly readings: readonly Expression[] }
  /** What was seen, and where. */
  | { readonly unreadable: string };

/** Words that would read as a formula. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(['N/A', 'n/a']);
/** Readings that are tried at most; each costs another pass. */
const MOST_READINGS = 3;
const NO_DOUBTS: ReadonlySet<Doubt> = new Set();
const MARKS_OF_WRAPPING = '*_`"';
const WRAPPINGS = ['**', '__', '*', '`', '"'] as const;

/**
 * Reads one answer: the contents of a box or formula, a column of a dataset, a short plain text. LaTeX, Unicode and
 * plain notation are one grammar.
 *
 * More than one reading where the notation is ambiguous: see `Doubt`; also `C` is a choice or a symbol, `four` is a
 * number or a word, `no solution` is the empty set or words, `C(5, 2)` is a value of a function or a binomial.
 *
 * @throws BudgetExhausted
 */
export function readAnswer(text: string, budget: Budget): ReadOutcome {
  const quick = readPlainInteger(text, budget);
  if (quick !== undefined) return { readings: [quick] };
  const answer = unwrap(text);
  if (ABBREVIATIONS.has(answer)) return { readings: [{ kind: 'text', text: answer }] };
  const tokens = tokenize(answer, budget);
  if (tokens.length <= 1) return { unreadable: 'an empty answer' };
  const letter = letterAhead(tokens);
  if (letter === undefined) return readTokens(tokens, answer, budget);
  const symbol: Expression = { kind: 'symbol', name: letter.letter };
  if (letter.content !== undefined) {
    const rest = readTokens(tokens.slice(letter.content), answer, budget);
    const content = 'readings' in rest ? rest.readings[0] : undefined;
    return { readings: [{ kind: 'choice', letter: letter.letter, ...(content && { content }) }] };
  }
  const choice: Expression = { kind: 'choice', letter: letter.letter };
  if (isChoiceLetter(letter.letter)) return { readings: letter.bare ? [choice, symbol] : [choice] };
  return { readings: letter.bare ? [symbol] : [choice, symbol] };
}

/** A short run of digits, perhaps with a sign: what most answers are. */
function readPlainInteger(text: string, budget: Budget): Expression | undefined {
  const length = text.length;
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  if (length === start || length > 15) return undefined;
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return undefined;
  }
  budget.spend();
  return integer(Number(text));
}

/** Without the marks of bold, code and quotation around it. */
function unwrap(text: string): string {
  let answer = text.trim();
  if (!isWrapped(answer)) return answer;
  for (let i = 0; i < 4; i++) {
    const before = answer;
    for (const mark of WRAPPINGS) {
      if (answer.length <= mark.length) continue;
      const opens = answer.startsWith(mark);
      const closes = answer.endsWith(mark) || answer.endsWith(mark + '.');
      if (opens) answer = answer.slice(mark.length);
      if (closes && (opens || mark === '**')) answer = answer.slice(0, answer.lastIndexOf(mark));
    }
    answer = answer.trim();
    if (answer === before) break;
  }
  return answer;
}

function isWrapped(text: string): boolean {
  const last = text.charAt(text.length - 1) === '.' ? text.length - 2 : text.length - 1;
  return MARKS_OF_WRAPPING.includes(text.charAt(0)) || MARKS_OF_WRAPPING.includes(text.charAt(last));
}

function readTokens(tokens: readonly Token[], source: string, budget: Budget): ReadOutcome {
  const cursor = new Cursor(tokens, source, budget, NO_DOUBTS);
  let first: Expression;
  try {
    first = readWhole(cursor);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return readAsText(tokens, source, budget, error);
  }
  const readings = interpretations(first, tokens);
  for (const doubt of cursor.doubts) {
    if (readings.length >= MOST_READINGS) break;
    const other = readAgain(tokens, source, budget, doubt);
    if (other !== undefined) readings.push(other);
  }
  return { readings };
}

function readAgain(
  tokens: readonly Token[],
  source: string,
  budget: Budget,
  doubt?: Doubt,
): Expression | undefined {
  try {
    return readWhole(new Cursor(tokens, source, budget, doubt === undefined ? NO_DOUBTS : new Set([doubt])));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** What an expression also means. */
function interpretations(e: Expression, tokens: readonly Token[]): Expression[] {
  if (e.kind === 'text') {
    const meaning = meaningOf(e.text);
    if (meaning === undefined) return [e];
    return meaning.kind === 'number' ? [meaning, e] : [e, meaning];
  }
  if (e.kind === 'list') {
    const whole = numberAcrossAnd(e);
    if (whole !== undefined) return [whole, e];
    const letters = lettersOf(e.items);
    return letters === undefined ? [e] : [{ ...e, items: letters }, e];
  }
  const counted = withCounts(e);
  if (counted !== e) return [e, counted];
  // `(b)`, `b)`
  const bracketed =
    (tokens.length === 4 && tokens[0]?.text === '(') || (tokens.length === 3 && tokens[1]?.text === ')');
  if (e.kind === 'symbol' && /^[a-h]$/.test(e.name) && bracketed) {
    return [e, { kind: 'choice', letter: e.name.toUpperCase() }];
  }
  return [e];
}

/** "one hundred and five": the word joins no answers there. */
function numberAcrossAnd({ items, joined }: ListExpression): Expression | undefined {
  if (joined !== 'and' || items.length > 3) return undefined;
  const texts = items.map((item) => (item.kind === 'text' ? item.text : ''));
  return texts.includes('') ? undefined : meaningOf(texts.join(' and '));
}

const COUNTS: ReadonlyMap<string, FunctionName> = new Map([
  ['C', 'binomial'],
  ['P', 'permutations'],
]);

/** `C(10, 7)` may be the number of combinations, `P(5, 2)` that of permutations. */
function withCounts(e: Expression): Expression {
  const name = e.kind === 'application' && e.args.length === 2 ? COUNTS.get(e.name) : undefined;
  // P(A, B) is rather a probability.
  if (e.kind === 'application' && name === 'permutations' && e.args[0]?.kind !== 'number') return e;
  if (e.kind === 'application' && name !== undefined) return { kind: 'call', name, args: e.args };
  let changed = false;
  const parts = mapChildren(e, (part) => {
    const other = withCounts(part);
    if (other !== part) changed = true;
    return other;
  });
  return changed ? parts : e;
}

/** Where the grammar ends: words are an answer in words, everything else cannot be read. */
function readAsText(
  tokens: readonly Token[],
  source: string,
  budget: Budget,
  error: Unreadable,
): ReadOutcome {
  if (tokens.some((token) => isPlainWord(token))) {
    const text: Expression = { kind: 'text', text: textOf(tokens, source) };
    const stated = readStatement(tokens, source, budget);
    return { readings: [...stated, ...interpretations(text, tokens)] };
  }
  const { start, end, kind } = error.token;
  const seen = kind === 'end' ? 'the end' : `"${source.slice(start, Math.min(end, start + 20))}"`;
  return { unreadable: `${seen} at character ${start + 1}, where ${error.expected} was expected` };
}

/** "The number is 12": words, "is" or a colon, then a value without words. */
function readStatement(tokens: readonly Token[], source: string, budget: Budget): readonly Expression[] {
  let at = 0;
  while (tokens[at]?.kind === 'word' && tokens[at]?.text !== 'is' && tokens[at]?.text !== 'are') at++;
  const { kind, text } = tokens[at] ?? { kind: 'end', text: '' };
  if (at === 0 || !(text === ':' || (kind === 'word' && (text === 'is' || text === 'are')))) return [];
  const [first, second] = [tokens[at + 1]?.text, tokens[at + 2]?.text];
  const rest = tokens.slice(first === 'a' && second === 't' ? at + 3 : at + 1);
  if (rest.length < 2 || rest.some((token) => isPlainWord(token))) return [];
  const value = readAgain(rest, source, budget);
  return value === undefined ? [] : [value];
}
