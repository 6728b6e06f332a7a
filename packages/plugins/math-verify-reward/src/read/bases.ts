import { lookUp } from './look-up.js';
import { symbol } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import type { Cursor } from './cursor.js';
import { NUMBER_WORDS } from './number-words.js';
import { subscriptOf } from './symbols.js';

/** The base written below a number: `_5`, `_{16}`, `_{\text{two}}`, `_{(8)}`, `_{\text{base }7}`. */
export function readBase(c: Cursor, digits: string): Expression {
  const found = baseAt(c, 0);
  const based = found && inBase(digits, found.base);
  if (found !== undefined && based !== undefined) {
    c.position += found.count;
    return based;
  }
  // Neither a base nor digits of it: comparable by its writing only.
  c.next();
  return symbol(`${digits}_${subscriptOf(c)}`);
}

function inBase(digits: string, base: number): Expression | undefined {
  for (const digit of digits) if (!(parseInt(digit, 36) < base)) return undefined;
  return { kind: 'based', digits: digits.toUpperCase(), base };
}

/** At a `_`: the tokens of a base and its value. */
function baseAt(c: Cursor, at: number): { readonly count: number; readonly base: number } | undefined {
  const braced = c.peek(at + 1).text === '{';
  let i = at + (braced ? 2 : 1);
  const bracketed = c.peek(i).text === '(';
  if (bracketed) i++;
  if (c.peek(i).text === 'base') i++;
  const token = c.peek(i++);
  const base =
    token.kind === 'digits'
      ? Number(token.text)
      : token.kind === 'word'
        ? lookUp(NUMBER_WORDS, token.text.toLowerCase())
        : undefined;
  if (base === undefined || !(base >= 2 && base <= 36)) return undefined;
  if (bracketed && c.peek(i++).text !== ')') return undefined;
  if (braced && c.peek(i++).text !== '}') return undefined;
  return { count: i - at, base };
}

/** Digits with letters among them, and a base above ten: `\text{A3}_{16}`, `1B_{12}`. */
export function readLetteredDigits(c: Cursor): Expression | undefined {
  let digits = '';
  let plausible = false;
  let letters = false;
  let at = 0;
  for (; at < 64; at++) {
    const token = c.peek(at);
    if (at > 0 && token.gap !== '') break;
    if (token.kind === 'digits') plausible = true;
    else if ((token.kind === 'letter' || token.kind === 'word') && /^[A-Z]+$/.test(token.text)) {
      letters = true;
      plausible ||= token.upright;
    } else break;
    digits += token.text;
  }
  c.budget.spend(at);
  if (!letters || c.peek(at).text !== '_') return undefined;
  const found = baseAt(c, at);
  if (found === undefined || found.base <= 10 || !(plausible || found.base === 16)) return undefined;
  const based = inBase(digits, found.base);
  if (based !== undefined) c.position += at + found.count;
  return based;
}

/** `204 base 5`, `204 (base five)` after the number. */
export function readSpelledBase(c: Cursor, number: Expression): Expression | undefined {
  if (
    number.kind !== 'number' ||
    number.significant !== undefined ||
    number.value.d !== 1n ||
    number.value.n < 0n
  )
    return undefined;
  const bracketed = c.isMark('(');
  const offset = bracketed ? 1 : 0;
  if (c.peek(offset).text.toLowerCase() !== 'base') return undefined;
  const token = c.peek(offset + 1);
  const base = token.kind === 'digits' ? Number(token.text) : lookUp(NUMBER_WORDS, token.text.toLowerCase());
  if (base === undefined || !(base >= 2 && base <= 36)) return undefined;
  const based = inBase(String(number.value.n), base);
  if (based !== undefined) c.position += offset + 2 + (bracketed && c.peek(offset + 2).text === ')' ? 1 : 0);
  return based;
}
