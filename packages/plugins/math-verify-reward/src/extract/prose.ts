import { CODE, commandEnd, isDigit, isWordLetter, wordEnd } from './range.js';
import type { Span } from '../result.js';

/** What a short stretch of text consists of. */
interface Prose {
  /** Words of two letters or more that are no function names, outside formulas, braces and commands. */
  readonly words: number;
  /** Digits, commands, operators or formulas stand in it. */
  readonly mathematics: boolean;
  /** It begins with one of these, not with a word. */
  readonly mathematicsFirst: boolean;
  /** A verb, an article or a conjunction that makes it a sentence. */
  readonly sentence: boolean;
}

/** Names that are mathematics when they stand in plain text. */
export const MATH_WORDS: ReadonlySet<string> = new Set(
  (
    'sin cos tan cot sec csc arcsin arccos arctan asin acos atan sinh cosh tanh sqrt cbrt exp log ' +
    'ln lg abs floor ceil min max gcd lcm mod pi inf infinity oo infty alpha beta gamma delta ' +
    'theta lambda mu phi omega det binom binomial factorial union undefined'
  ).split(' '),
);

const SENTENCE_WORDS: ReadonlySet<string> = new Set(
  (
    'is are was were be has have had will would can must get gets got we you they he she it this ' +
    'that these those there which who so thus hence therefore because since let find using gives ' +
    'then when from given answer final solve solving compute equals need know wait think step'
  ).split(' '),
);

/** Reads a stretch of text once. Its length should be bounded by the caller. */
export function readProse(text: string, { start, end }: Span): Prose {
  let words = 0;
  let sentence = false;
  let mathematics = false;
  let mathematicsFirst = false;
  const math = (): void => {
    mathematics = true;
    if (words === 0) mathematicsFirst = true;
  };
  let depth = 0;
  for (let i = start; i < end;) {
    const code = text.charCodeAt(i);
    if (code === CODE.backslash) {
      math();
      i = commandEnd(text, i, end);
    } else if (code === CODE.dollar) {
      math();
      const close = text.indexOf('$', i + 2);
      i = close < 0 || close >= end ? i + 1 : close + 1;
    } else if (isWordLetter(code)) {
      const next = wordEnd(text, i, end);
      const word = text.slice(i, next).toLowerCase();
      const single = next - i === 1 && !(word === 'a' && isArticle(text, next));
      if (single || MATH_WORDS.has(word) || isNamed(text, next, end)) math();
      else if (depth === 0) {
        words++;
        sentence ||= SENTENCE_WORDS.has(word);
      }
      i = next;
    } else {
      if (code === CODE.openBrace) depth++;
      else if (code === CODE.closeBrace) depth--;
      if (isDigit(code) || '=<>^±√π∞≤≥∅'.includes(text[i] ?? ' ')) math();
      else if (words === 0 && '([{+-−|'.includes(text[i] ?? ' ') && !isWordLetter(text.charCodeAt(i + 1)))
        math();
      i++;
    }
  }
  return { words, mathematics, mathematicsFirst, sentence };
}

/** A word before `=` or an opening bracket is a name: `Area = 5`, `gcd(4, 6)`. */
function isNamed(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  if (at >= end) return false;
  if (code === 0x28 || code === 0x3d || code === 0x5f) return true;
  return code === CODE.space && text.charCodeAt(at + 1) === 0x3d;
}

/** "a" before a word; before anything else it is a variable: `a/b`. */
function isArticle(text: string, at: number): boolean {
  return text.charCodeAt(at) === CODE.space && isWordLetter(text.charCodeAt(at + 1));
}
