import { CODE, commandEnd, isDigit, isSpace, isWordLetter, wordBefore, wordEnd } from './range.js';
import { MATH_WORDS } from './prose.js';
import { valueOf } from './chain.js';
import type { Span } from '../result.js';

/** How far back from the last digit a plain expression may begin, in UTF-16 units. */
const WINDOW = 300;

/** Numbers after these words count something in the text, not in the problem. */
const REFERENCES: ReadonlySet<string> = new Set(
  (
    'step case equation eq part problem question figure fig theorem lemma line method option ' +
    'section example exercise chapter page table steps cases equations'
  ).split(' '),
);

/** Units that are kept with a number in prose: what is not listed is taken for the thing that is counted. */
const UNITS: ReadonlySet<string> = new Set(
  (
    'mm cm dm km ft inch inches feet foot yards miles mile meters metres meter metre centimeters ' +
    'kilometers kg mg lb lbs pounds ounces oz grams tons ml liters litres gallons hours hour ' +
    'minutes minute seconds second days day weeks months years percent degrees degree radians mph ' +
    'dollars cents euros am pm'
  ).split(' '),
);

const OPERATORS = '+-*/^=<>()[]{}|!%°.,;:_±×÷·√∞π−–≤≥≈²³€$£¥';

type Kind = 'number' | 'symbol' | 'operator' | 'joiner' | 'unit' | 'word' | 'stop';

interface Token extends Span {
  readonly kind: Kind;
}

/** The last number of the text with the expression around it: `x = 3/4`, `1, 2 and 3`, `$7.78`, `12 km`. */
export function lastPlain(text: string, span: Span): Span | undefined {
  let end = span.end;
  while (end > span.start && !isDigit(text.charCodeAt(end - 1))) end--;
  if (end === span.start) return undefined;
  const window = windowAround(text, end, span);
  const tokens = tokenise(text, window);
  for (let at = tokens.length - 1; at >= 0; at--) {
    const token = tokens[at];
    if (token?.kind !== 'number' || isName(text, token) || isReference(text, token, window)) continue;
    const found = expressionAround(text, tokens, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function windowAround(text: string, digit: number, span: Span): Span {
  const from = Math.max(span.start, digit - WINDOW);
  const newline = text.lastIndexOf('\n', digit - 1);
  const next = text.indexOf('\n', digit);
  const to = Math.min(span.end, digit + WINDOW, next < 0 ? Infinity : next);
  return { start: Math.max(from, newline + 1), end: to };
}

/** The digit of `AZ2` is part of a name. */
function isName(text: string, { start }: Span): boolean {
  return isWordLetter(text.charCodeAt(start - 1)) && isWordLetter(text.charCodeAt(start - 2));
}

function isReference(text: string, number: Span, window: Span): boolean {
  let before = number.start;
  while (before > window.start && (isSpace(text.charCodeAt(before - 1)) || text[before - 1] === '('))
    before--;
  return REFERENCES.has(wordBefore(text, window.start, before));
}

function tokenise(text: string, { start, end }: Span): readonly Token[] {
  const tokens: Token[] = [];
  for (let i = start; i < end;) {
    const code = text.charCodeAt(i);
    const from = i;
    let kind: Kind;
    if (isSpace(code)) {
      i++;
      continue;
    }
    if (isDigit(code) || (code === 0x2e && isDigit(text.charCodeAt(i + 1)))) {
      kind = 'number';
      i = numberEnd(text, i, end);
    } else if (isWordLetter(code)) {
      i = wordEnd(text, i, end);
      kind = wordKind(text.slice(from, i), text, i, end);
    } else if (code === CODE.backslash) {
      i = commandEnd(text, i, end);
      kind = 'symbol';
    } else if (text.startsWith('**', i) && !isInnerPower(text, i, end)) {
      i += 2;
      kind = 'stop';
    } else if ('.?:;'.includes(text[i] ?? '') && (i + 1 >= end || isSpace(text.charCodeAt(i + 1)))) {
      i++;
      kind = 'stop';
    } else {
      i++;
      kind = OPERATORS.includes(text[from] ?? ' ') ? 'operator' : 'stop';
    }
    tokens.push({ kind, start: from, end: i });
  }
  return tokens;
}

/** `2**3` is a power, `**3**` is bold. */
function isInnerPower(text: string, i: number, end: number): boolean {
  const operand = (c: string): boolean => /[0-9a-z)(]/i.test(c);
  return (
    operand(text[i - 1] ?? '') && i + 2 < end && operand(text[i + 2] ?? '') && !text.startsWith('**', i - 3)
  );
}

function numberEnd(text: string, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const code = text.charCodeAt(i);
    const inside = (code === 0x2e || code === 0x2c) && i + 1 < end && isDigit(text.charCodeAt(i + 1));
    if (!isDigit(code) && !inside) break;
    i++;
  }
  return i;
}

function wordKind(word: string, text: string, after: number, end: number): Kind {
  const lower = word.toLowerCase();
  if (lower === 'and' || lower === 'or') return 'joiner';
  if (word.length === 1 || MATH_WORDS.has(lower)) return 'symbol';
  if (UNITS.has(lower)) return 'unit';
  if (word.length > 3) return 'word';
  // `f(2)`, `AB = 5`.
  const next = text[after] === ' ' ? after + 1 : after;
  return (text[after] === '(' || text[next] === '=') && next < end ? 'symbol' : 'word';
}

function expressionAround(text: string, tokens: readonly Token[], at: number): Span | undefined {
  const belongs = (index: number): boolean => {
    const kind = tokens[index]?.kind;
    return kind === 'number' || kind === 'symbol' || kind === 'operator' || kind === 'joiner';
  };
  let first = at;
  let last = at;
  while (belongs(first - 1)) first--;
  while (belongs(last + 1)) last++;
  while (first < at && dropsAtStart(text, tokens, first)) first++;
  while (last > at && dropsAtEnd(text, tokens, last)) last--;
  [first, last] = balance(text, tokens, first, last, at);
  if (last === at && tokens[at + 1]?.kind === 'unit') last++;
  const [head, tail] = [tokens[first], tokens[last]];
  return head && tail ? valueOf(text, { start: head.start, end: tail.end }) : undefined;
}

/** Operators that need something before them, and single letters that are words of the sentence. */
function dropsAtStart(text: string, tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined) return false;
  const c = text[token.start] ?? '';
  if (token.kind === 'joiner') return true;
  if (token.kind === 'operator') return '=<>*/^)]}!%.,;:_×÷≈²³'.includes(c);
  const word = token.kind === 'symbol' && token.end - token.start === 1;
  return word && (next?.kind === 'number' || next?.kind === 'symbol') && next.start > token.end;
}

function dropsAtEnd(text: string, tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token === undefined) return false;
  const c = text[token.start] ?? '';
  if (token.kind === 'joiner') return true;
  if (token.kind === 'operator')
    return '=<>+-*/^([{.,;:_$×÷≈−–'.includes(c) && !isTrailingDollar(text, token);
  return token.kind === 'symbol' && (c === 'a' || c === 'I') && token.end - token.start === 1;
}

/** `2,74 $` names the currency after the number. */
function isTrailingDollar(text: string, { start }: Span): boolean {
  let before = start - 1;
  if (text[start] === '$' && text.charCodeAt(before) === CODE.space) before--;
  return text[start] === '$' && isDigit(text.charCodeAt(before));
}

/** Drops brackets at the ends whose partner is not inside. */
function balance(
  text: string,
  tokens: readonly Token[],
  first: number,
  last: number,
  at: number,
): [number, number] {
  for (;;) {
    let depth = 0;
    let lowest = 0;
    for (let i = first; i <= last; i++) {
      const c = text[tokens[i]?.start ?? 0] ?? '';
      if ('([{'.includes(c)) depth++;
      else if (')]}'.includes(c)) lowest = Math.min(lowest, --depth);
    }
    const opened = depth - lowest;
    if (lowest < 0 && last > at) last = dropTo(text, tokens, last, at, ')]}', -1);
    else if (opened > 0 && first < at) first = dropTo(text, tokens, first, at, '([{', 1);
    else return [first, last];
  }
}

/** Moves an end inwards past the nearest bracket of the kind, at most to the number. */
function dropTo(
  text: string,
  tokens: readonly Token[],
  from: number,
  at: number,
  kinds: string,
  step: 1 | -1,
): number {
  let i = from;
  while (i !== at && !kinds.includes(text[tokens[i]?.start ?? 0] ?? '')) i += step;
  return i === at ? at : i + step;
}
