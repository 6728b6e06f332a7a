import type { Expression } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import type { Token, TokenKind } from './tokens.js';

/**
 * One way to read the tokens from some place up to `end`. The value is made only once the whole string has been read:
 * making it may fail (`Unconvertible`).
 */
export interface Reading<T> {
  readonly end: number;
  readonly make: () => T;
}

/** All ways to read from one place, the preferred first, one for each end. */
export type Readings<T> = readonly Reading<T>[];

/** Thrown where a string is in the language but has no value; `latexToValue` catches it. */
export class Unconvertible extends Error {
  override readonly name = 'Unconvertible';
}

/** The tokens of one string, with what is known about them so far. */
export interface Source {
  readonly tokens: readonly Token[];
  readonly budget: Budget;
  /** Whether its symbols stand for real numbers. */
  readonly real: boolean;
  /** Depth of nested groups here. */
  depth: number;
  /** Height of the tower of subscripts and superscripts here. */
  height: number;
  readonly memo: Map<number, Readings<unknown>>;
  /** Reads a piece of text on its own: arguments of functions are cut at their commas and read again. */
  readonly readText: (text: string) => Expression;
}

export function kindAt(source: Source, at: number): TokenKind | undefined {
  return source.tokens[at]?.kind;
}

/** The text of the tokens from `start` to `end` without white space between them. */
export function textOf(source: Source, start: number, end: number): string {
  let text = '';
  for (const token of source.tokens.slice(start, end)) text += token.text;
  return text;
}

/** Rules whose readings are kept: `once` finds them again by the place in this list. */
const RULES = [
  'expression',
  'factors expression',
  'factors body',
  'factors argument',
  'adjacent expression',
  'adjacent body',
  'adjacent argument',
  'powers',
  'powers of no function',
  'operand',
  'atom',
  'function',
  'groups',
  'groups of no relations',
  'element',
  'element of no relation',
  'relation',
  'set',
  'sets setminus',
  'sets union',
  'sets intersection',
] as const;
export type RuleName = (typeof RULES)[number];

const PLACES: ReadonlyMap<RuleName, number> = new Map(RULES.map((rule, i) => [rule, i]));

/** Reads a rule at a place once only. */
export function once<T>(source: Source, rule: RuleName, at: number, read: () => Readings<T>): Readings<T> {
  const key = at * RULES.length + (PLACES.get(rule) ?? 0);
  const known = source.memo.get(key);
  if (known !== undefined) return known as Readings<T>;
  source.budget.spend();
  source.budget.allowNesting(++source.depth / FRAMES);
  const found = distinct(read());
  source.depth--;
  source.budget.spend(4 * found.length);
  source.memo.set(key, found);
  return found;
}

/** Rules that one nested group passes through, at most. */
const FRAMES = 8;

/** Keeps the first reading of each end. */
export function distinct<T>(readings: Readings<T>): Readings<T> {
  if (readings.length < 2) return readings;
  const ends = new Set<number>();
  return readings.filter(({ end }) => !ends.has(end) && ends.add(end));
}

/** First one thing, then another. */
export function followedBy<A, B, C>(
  first: Readings<A>,
  second: (at: number) => Readings<B>,
  join: (a: A, b: B) => C,
): Readings<C> {
  if (first.length === 0) return [];
  return first.flatMap((a) =>
    second(a.end).map((b) => ({ end: b.end, make: () => join(a.make(), b.make()) })),
  );
}

/** A token of this kind after a reading. */
export function closed<A>(source: Source, readings: Readings<A>, kind: TokenKind): Readings<A> {
  return readings
    .filter(({ end }) => kindAt(source, end) === kind)
    .map(({ end, make }) => ({ end: end + 1, make }));
}

export function map<A, B>(readings: Readings<A>, change: (a: A) => B): Readings<B> {
  return readings.map(({ end, make }) => ({ end, make: () => change(make()) }));
}

/** Items with separators between them, as many as fit first. */
export function separated<A>(
  source: Source,
  at: number,
  separator: TokenKind,
  item: (at: number) => Readings<A>,
): Readings<readonly A[]> {
  return chained<A, A[]>(
    map(item(at), (first) => [first]),
    (end) => (kindAt(source, end) === separator ? item(end + 1) : []),
    pushed,
  );
}

/** For lists that are made anew each time that a reading is. */
export function pushed<A>(items: A[], next: A): A[] {
  items.push(next);
  return items;
}

/** What is read first and any number of continuations, as many as fit first. */
export function chained<A, B>(
  first: Readings<B>,
  next: (at: number) => Readings<A>,
  join: (all: B, next: A, at: number) => B,
): Readings<B> {
  const seen = new Set<number>();
  const found: Reading<B>[] = [];
  // A stack in place of recursion: what comes after a reading is found before the reading itself.
  const stack: { readonly reading: Reading<B>; readonly done: boolean }[] = [];
  for (const reading of first.toReversed()) stack.push({ reading, done: false });
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { reading, done } = top;
    if (done) {
      found.push(reading);
      continue;
    }
    if (seen.has(reading.end)) continue;
    seen.add(reading.end);
    stack.push({ reading, done: true });
    for (const more of next(reading.end).toReversed())
      stack.push({
        reading: { end: more.end, make: () => join(reading.make(), more.make(), reading.end) },
        done: false,
      });
  }
  return found;
}
