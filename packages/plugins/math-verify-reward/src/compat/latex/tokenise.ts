import type { Budget } from '../../budget.js';
import {
  ACCENTS,
  COMMANDS,
  ENVIRONMENTS,
  LONG_SIGNS,
  NAMES,
  RAISED,
  SIGNS,
  TAKES_A_SPACE,
  type Token,
  type TokenKind,
} from './tokens.js';

/** The words of a LaTeX string, each the longest that fits, without white space; undefined where none fits. */
export function tokenise(latex: string, budget: Budget): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < latex.length) {
    budget.spend();
    const found = wordAt(latex, at);
    if (found === undefined) return undefined;
    if (found.kind !== undefined) tokens.push({ kind: found.kind, text: latex.slice(at, at + found.length) });
    at += found.length;
  }
  return tokens;
}

interface Word {
  /** Absent for white space. */
  readonly kind: TokenKind | undefined;
  readonly length: number;
}

function wordAt(latex: string, at: number): Word | undefined {
  const character = latex.charAt(at);
  if (isSpace(character)) return { kind: undefined, length: 1 };
  if (character === '\\') return commandAt(latex, at);
  if (isDigit(character) || character === '.') return numberAt(latex, at);
  if (isLetter(character)) return letterAt(latex, at);
  if (character === '^') return oneOf(RAISED, latex, at) ?? { kind: '^', length: 1 };
  const long = oneOf(LONG_SIGNS, latex, at);
  if (long !== undefined) return long;
  if (character === '!') return { kind: '!', length: 1 };
  const kind = SIGNS.get(character);
  return kind === undefined ? undefined : { kind, length: 1 };
}

function oneOf(
  table: readonly (readonly [string, TokenKind])[],
  latex: string,
  at: number,
): Word | undefined {
  for (const [word, kind] of table) if (latex.startsWith(word, at)) return { kind, length: word.length };
  return undefined;
}

/** Digits, a point and digits; with `E` and an exponent, or with a percent sign, one word. */
function numberAt(latex: string, at: number): Word | undefined {
  let end = digitsFrom(latex, at);
  if (latex.charAt(end) === '.' && isDigit(latex.charAt(end + 1))) end = digitsFrom(latex, end + 1);
  if (end === at) return undefined;
  if (latex.charAt(end) === 'E') {
    const sign = SIGNS.get(latex.charAt(end + 1));
    const exponent = end + (sign === '+' || sign === '-' ? 2 : 1);
    const stop = digitsFrom(latex, exponent);
    if (stop > exponent) return { kind: 'scientific', length: stop - at };
  }
  const mark = isSpace(latex.charAt(end)) ? end + 1 : end;
  if (latex.charAt(mark) === '%') return { kind: 'percent', length: mark + 1 - at };
  if (latex.startsWith('\\%', mark)) return { kind: 'percent', length: mark + 2 - at };
  return { kind: 'number', length: end - at };
}

function letterAt(latex: string, at: number): Word {
  const name = longestIn(NAME_INDEX, latex, at);
  const differential = differentialAt(latex, at);
  if (name !== undefined && name.length >= differential) return { kind: name.kind, length: name.length };
  if (differential > 0) return { kind: 'differential', length: differential };
  const character = latex.charAt(at);
  return { kind: character === 'e' || character === 'E' ? character : 'letter', length: 1 };
}

/** `d` with the letter or command after it is one word. 0 where there is none. */
function differentialAt(latex: string, at: number): number {
  if (latex.charAt(at) !== 'd') return 0;
  let next = at + 1;
  while (isSpace(latex.charAt(next))) next++;
  if (isLetter(latex.charAt(next))) return next + 1 - at;
  if (latex.charAt(next) !== '\\' || !isLetter(latex.charAt(next + 1))) return 0;
  return lettersFrom(latex, next + 1) - at;
}

function commandAt(latex: string, at: number): Word | undefined {
  const environment = environmentAt(latex, at);
  if (environment !== undefined) return environment;
  const accent = accentAt(latex, at);
  const command = longestIn(COMMAND_INDEX, latex, at + 1);
  if (command === undefined) return accent > 0 ? { kind: 'accent', length: accent } : undefined;
  let length = command.length + 1;
  if (accent > length) return { kind: 'accent', length: accent };
  const after = latex.charAt(at + length);
  if (command.kind === 'infinity') {
    if (after === '%') length += 1;
    else if (latex.startsWith('\\%', at + length)) length += 2;
  }
  // The signs of the alphabet take a space along; that makes \gamma with a space the letter, without it the function.
  if (after === ' ' && TAKES_A_SPACE.has(command.word)) return { kind: 'greek', length: length + 1 };
  if (after === ' ' && (command.kind === 'greek' || command.kind === 'sign')) length += 1;
  return { kind: command.kind, length };
}

/** Length of an accent up to the first closing brace; 0 where there is none. */
function accentAt(latex: string, at: number): number {
  const nameEnd = lettersFrom(latex, at + 1);
  const open = isSpace(latex.charAt(nameEnd)) ? nameEnd + 1 : nameEnd;
  if (latex.charAt(open) !== '{' || !ACCENTS.has(latex.slice(at + 1, nameEnd))) return 0;
  let escaped = 0;
  for (let end = open + 1; end < latex.length; end++) {
    if (latex.charAt(end) === '}') return end + 1 - at;
    // An escaped brace stays inside, unless none closes after it: then it closes itself.
    if (latex.startsWith('\\}', end)) escaped = ++end + 1 - at;
  }
  return escaped;
}

function environmentAt(latex: string, at: number): Word | undefined {
  const begins = latex.startsWith('\\begin{', at);
  if (!begins && !latex.startsWith('\\end{', at)) return undefined;
  const start = at + (begins ? 7 : 5);
  const end = lettersFrom(latex, start);
  const name = latex.slice(start, end);
  const kinds = ENVIRONMENTS.get(name);
  if (kinds === undefined || latex.charAt(end) !== '}') return undefined;
  if (!begins || name !== 'array') return { kind: kinds[begins ? 0 : 1], length: end + 1 - at };
  if (latex.charAt(end + 1) !== '{') return undefined;
  let column = end + 2;
  while ('clr'.includes(latex.charAt(column) || '-')) column++;
  return latex.charAt(column) === '}' ? { kind: 'array', length: column + 1 - at } : undefined;
}

interface Entry<K> {
  readonly word: string;
  readonly kind: K;
  readonly length: number;
}

/** The words of a table by their first character, long ones first. */
function byFirstCharacter<K>(table: ReadonlyMap<string, K>): ReadonlyMap<string, readonly Entry<K>[]> {
  const index = new Map<string, Entry<K>[]>();
  for (const [word, kind] of [...table].sort(([a], [b]) => b.length - a.length)) {
    const entries = index.get(word.charAt(0)) ?? [];
    entries.push({ word, kind, length: word.length });
    index.set(word.charAt(0), entries);
  }
  return index;
}

const COMMAND_INDEX = byFirstCharacter(COMMANDS);
const NAME_INDEX = byFirstCharacter(NAMES);

function longestIn<K>(
  index: ReadonlyMap<string, readonly Entry<K>[]>,
  latex: string,
  at: number,
): Entry<K> | undefined {
  return index.get(latex.charAt(at))?.find(({ word }) => latex.startsWith(word, at));
}

function digitsFrom(latex: string, at: number): number {
  let end = at;
  while (isDigit(latex.charAt(end))) end++;
  return end;
}

function lettersFrom(latex: string, at: number): number {
  let end = at;
  while (isLetter(latex.charAt(end))) end++;
  return end;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1;
}

function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
