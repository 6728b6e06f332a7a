import { CODE, commandEnd, isDigit, isSpace, isWordLetter, trimSpace, wordEnd } from './range.js';
import type { Span } from '../result.js';

/** A formula between delimiters. */
export interface Formula {
  /** With its delimiters. */
  readonly outer: Span;
  /** Without them. Of an environment of its own (`\begin{align}`) the same as `outer`. */
  readonly inner: Span;
}

/** Environments that are formulas without other delimiters around them. */
const ENVIRONMENTS: readonly string[] = (
  'align align* aligned equation equation* gather gather* cases array ' +
  'matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix'
).split(' ');

/**
 * The formulas of a text in their order. Linear: where a closing delimiter is not found once, it is not looked for
 * again. A dollar that stands for money opens nothing.
 */
export function findFormulas(text: string, { start, end }: Span): readonly Formula[] {
  const formulas: Formula[] = [];
  const closers = new Closers(text, end);
  for (let i = start; i < end;) {
    const code = text.charCodeAt(i);
    if (code !== CODE.dollar && code !== CODE.backslash) {
      i++;
      continue;
    }
    const formula = code === CODE.dollar ? dollarFormula(text, i, closers) : commandFormula(text, i, closers);
    if (formula === undefined) {
      i += code === CODE.dollar ? 1 : 2;
      continue;
    }
    if (formula.inner.start < formula.inner.end) formulas.push(formula);
    i = formula.outer.end;
  }
  return formulas;
}

/** Looks for closing delimiters, never twice over the same text in vain. */
class Closers {
  readonly #missing = new Map<string, number>();
  #blankLine = -2;

  constructor(
    readonly text: string,
    readonly end: number,
  ) {}

  /** Position of the delimiter after `from`, or -1. */
  find(delimiter: string, from: number): number {
    if (from >= (this.#missing.get(delimiter) ?? Infinity)) return -1;
    const at = this.text.indexOf(delimiter, from);
    if (at >= 0 && at + delimiter.length <= this.end) return at;
    this.#missing.set(delimiter, from);
    return -1;
  }

  /** Position of the first blank line after `from`, or the end. */
  paragraphEnd(from: number): number {
    if (this.#blankLine < from) {
      const at = this.text.indexOf('\n\n', from);
      this.#blankLine = at < 0 ? this.end : Math.min(at, this.end);
    }
    return this.#blankLine;
  }
}

function commandFormula(text: string, at: number, closers: Closers): Formula | undefined {
  const next = text[at + 1];
  if (next === '(' || next === '[')
    return delimited(text, at, 2, closers.find(next === '(' ? '\\)' : '\\]', at + 2), 2);
  if (!text.startsWith('\\begin{', at)) return undefined;
  for (const name of ENVIRONMENTS) {
    if (text[at + 7 + name.length] !== '}' || !text.startsWith(name, at + 7)) continue;
    const close = `\\end{${name}}`;
    const found = closers.find(close, at + 7);
    if (found < 0) return undefined;
    const outer = { start: at, end: found + close.length };
    return { outer, inner: outer };
  }
  return undefined;
}

function delimited(
  text: string,
  at: number,
  opening: number,
  close: number,
  closing: number,
): Formula | undefined {
  if (close < 0) return undefined;
  return {
    outer: { start: at, end: close + closing },
    inner: trimSpace(text, { start: at + opening, end: close }),
  };
}

function dollarFormula(text: string, at: number, closers: Closers): Formula | undefined {
  if (text.charCodeAt(at + 1) === CODE.dollar) {
    const formula = delimited(text, at, 2, closers.find('$$', at + 2), 2);
    if (formula !== undefined) return formula;
  }
  const limit = closers.paragraphEnd(at);
  let close = closers.find('$', at + 1);
  while (close > 0 && close < limit && text.charCodeAt(close - 1) === CODE.backslash) {
    close = closers.find('$', close + 1);
  }
  if (close < 0 || close >= limit || isMoney(text, at, close)) return undefined;
  return delimited(text, at, 1, close, 1);
}

/** Whether the dollar at `at` is a price rather than the start of a formula that the dollar at `close` ends. */
function isMoney(text: string, at: number, close: number): boolean {
  const digitAfter = isDigit(text.charCodeAt(close + 1));
  if (!isDigit(text.charCodeAt(at + 1))) return digitAfter && hasProse(text, at + 1, close);
  return digitAfter || hasProse(text, at + 1, close) || breaksOff(text, at + 1, close);
}

/** Words that are too short to be told from units and functions by their length. */
const SHORT_WORDS: ReadonlySet<string> = new Set('an at by he is it of on so to up we'.split(' '));

/** Function names and conjunctions: they stand in formulas as well. */
const FORMULA_WORDS: ReadonlySet<string> = new Set('and or sin cos tan cot log exp sqrt mod'.split(' '));

/** Words stand in it that are neither commands nor inside braces. */
function hasProse(text: string, start: number, end: number): boolean {
  let depth = 0;
  for (let i = start; i < end;) {
    const code = text.charCodeAt(i);
    if (code === CODE.backslash) {
      i = commandEnd(text, i, end);
      continue;
    }
    if (code === CODE.openBrace) depth++;
    else if (code === CODE.closeBrace) depth--;
    if (depth > 0 || !isWordLetter(code)) {
      i++;
      continue;
    }
    const from = i;
    i = wordEnd(text, i, end);
    const word = text.slice(from, i).toLowerCase();
    if (i - from >= 3 ? !FORMULA_WORDS.has(word) : SHORT_WORDS.has(word)) return true;
  }
  return false;
}

/** `$5 and $7`, `$5 - $7`: what would be the formula ends in the middle. */
function breaksOff(text: string, start: number, end: number): boolean {
  if (!isSpace(text.charCodeAt(end - 1))) return false;
  const last = trimSpace(text, { start, end }).end;
  return '+-*/=,('.includes(text[last - 1] ?? '') || isWordLetter(text.charCodeAt(last - 2));
}

const JOINERS: ReadonlySet<string> = new Set(['', 'and', 'or', 'and/or', '&', 'y', 'et', 'und']);

/** Whether two formulas with this text between them are parts of one list. */
function joinsFormulas(text: string, start: number, end: number): boolean {
  if (end - start > 24) return false;
  const between = text.slice(start, end);
  const words = between.replace(/[\s,;]/g, '').toLowerCase();
  return JOINERS.has(words) && (words !== '' || /[,;]/.test(between));
}

/** The formulas that are joined to the one at `index`, in their order, up to it. */
export function joinedFormulas(
  text: string,
  formulas: readonly Formula[],
  index: number,
): readonly Formula[] {
  let first = index;
  for (; first > 0; first--) {
    const [before, after] = [formulas[first - 1], formulas[first]];
    if (before === undefined || after === undefined) break;
    if (!joinsFormulas(text, before.outer.end, after.outer.start)) break;
  }
  return formulas.slice(first, index + 1);
}
