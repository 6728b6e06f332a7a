import { lookUp } from './look-up.js';
import { symbol } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { readArgumentList } from './brackets.js';
import type { Cursor } from './cursor.js';
import { SYMBOL_NAMES } from './names.js';

/** Letters that are functions wherever brackets follow. */
const FUNCTION_LETTERS: ReadonlySet<string> = new Set(['f', 'g', 'F', 'G']);
/** Letters that are functions where the brackets hold one variable or number. */
const LIKELY_FUNCTION_LETTERS: ReadonlySet<string> = new Set(
  'h p q r s u v w y H P Q R S T U V W I N L A phi psi theta delta omega sigma tau mu rho Phi Psi Gamma'.split(
    ' ',
  ),
);
const VARIABLES: ReadonlySet<string> = new Set(['x', 't', 'z', 'n', 's', 'y', 'k', 'theta']);

/** A symbol from its first letter on: subscript, primes, arguments. @param accented - its name with an accent */
export function readSymbol(c: Cursor, letter: string, accented = letter): Expression {
  c.symbols++;
  let name = accented;
  if (c.isMark('_') && c.token.gap !== 'wide') {
    c.next();
    name += '_' + subscriptOf(c);
  } else if (isNumbered(c, letter)) {
    // x1 in plain text; TeX would have set it as a product.
    const digits = c.next().text;
    name += '_' + (digits.length > 1 ? `{${digits}}` : digits);
  }
  for (;;) {
    if (c.isMark("'") || c.isMark("''")) name += c.next().text;
    else if (c.isMark('^') && isPrime(c)) {
      const braced = c.peek(1).text === '{';
      c.position += braced ? 2 : 1;
      while (c.isMark("'") || c.isMark("''")) name += c.next().text;
      if (braced) c.next();
    } else if (c.isMark('^') && FUNCTION_LETTERS.has(letter) && isInverse(c)) {
      c.position += 5;
      name += '^{-1}';
    } else break;
  }
  return c.isMark('(') && c.token.gap !== 'wide' ? applied(c, letter, name) : symbol(name);
}

/** Digits that touch a letter of plain text, and no power of theirs after them. */
function isNumbered(c: Cursor, letter: string): boolean {
  const { token } = c;
  if (token.kind !== 'digits' || token.gap !== '' || letter.length > 1 || c.peek(-1).kind !== 'letter')
    return false;
  return c.peek(1).text !== '^' && c.isPlain;
}

function isPrime(c: Cursor): boolean {
  const braced = c.peek(1).text === '{';
  let at = braced ? 2 : 1;
  if (c.peek(at).text !== "'" && c.peek(at).text !== "''") return false;
  while (c.peek(at).text === "'" || c.peek(at).text === "''") at++;
  return !braced || c.peek(at).text === '}';
}

/** `^{-1}(` */
function isInverse(c: Cursor): boolean {
  return ['{', '-', '1', '}', '('].every((text, i) => c.peek(i + 1).text === text);
}

/** Brackets after a symbol: its arguments, or a factor that the caller reads. */
function applied(c: Cursor, letter: string, name: string): Expression {
  const start = c.position;
  const isFunction = FUNCTION_LETTERS.has(letter) || name.includes("'");
  if (isFunction || hasArgument(c, letter) || hasComma(c)) {
    const symbols = c.symbols;
    const args = readArgumentList(c);
    if (args.length > 0) return { kind: 'application', name, args };
    c.symbols = symbols;
    c.position = start;
  }
  return symbol(name);
}

/** One variable or number in the brackets, after a letter that is often a function. */
function hasArgument(c: Cursor, letter: string): boolean {
  if (c.peek(2).text !== ')') return false;
  const { kind, text } = c.peek(1);
  if (letter === text) return false;
  if (text === 't' && (letter === 'x' || letter === 'z')) return true;
  if (!LIKELY_FUNCTION_LETTERS.has(letter)) return false;
  return kind === 'digits' || VARIABLES.has(lookUp(SYMBOL_NAMES, text) ?? text);
}

/** A comma between the brackets themselves, not far away: `C(n, k)`, `P(A, B)`. */
function hasComma(c: Cursor): boolean {
  let depth = 0;
  for (let at = 0; at < 40; at++) {
    const { kind, text } = c.peek(at);
    if (kind === 'end') return false;
    if (kind !== 'mark') continue;
    if (text === '(' || text === '{' || text === '[' || text === '\\{') depth++;
    else if (text === ')' || text === '}' || text === ']' || text === '\\}') {
      if (--depth <= 0) return false;
    } else if (text === ',' && depth === 1) return true;
  }
  return false;
}

/** What stands below a symbol, in one spelling: one character as it is, more in braces. */
export function subscriptOf(c: Cursor): string {
  if (!c.isMark('{')) {
    if (c.ended) return '';
    const { kind, text } = c.token;
    if (kind === 'mark' && text !== '*' && text !== '+' && text !== '-') return '';
    c.next();
    return text.length > 1 ? `{${text}}` : text;
  }
  let depth = 0;
  let name = '';
  while (!c.ended) {
    const { kind, text } = c.next();
    if (kind === 'mark' && text === '{' && depth++ === 0) continue;
    if (kind === 'mark' && text === '}' && --depth === 0) break;
    name += text;
  }
  return name.length > 1 ? `{${name}}` : name;
}
