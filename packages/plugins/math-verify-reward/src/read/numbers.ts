import type { Expression, NumberExpression } from '../answer/expression.js';
import { exact, integer, power as buildPower, product } from '../answer/build.js';
import { rational } from '../values/rational.js';
import { readBase } from './bases.js';
import type { Cursor } from './cursor.js';
import type { Token } from './token.js';

const CONTINUING_MARKS: ReadonlySet<string> = new Set(['.', ',', '{,}', '_', '^']);
/** log2(10), rounded up. */
const BITS_PER_DIGIT = 3.33;

/** Whether a number starts here: digits, or a point before digits. */
export function startsNumber(c: Cursor): boolean {
  if (c.token.kind === 'digits') return true;
  return c.isMark('.') && c.peek(1).kind === 'digits' && c.peek(1).gap === '';
}

/**
 * A number as written: separators of thousands (comma, thin space, space, full stop), point or decimal comma,
 * repeating decimals (`0.\overline{3}`), an exponent after e or E, an ordinal's letters, a base below it.
 */
export function readNumber(c: Cursor): Expression {
  if (c.token.kind === 'digits' && endsInteger(c.peek(1))) {
    return exact({ n: bigInteger(c, c.next().text), d: 1n });
  }
  const whole = c.token.kind === 'digits' ? readWhole(c) : '';
  let part = '';
  let repeated = '';
  let point = false;
  if (isDecimalComma(c, whole)) {
    c.next();
    point = true;
    part = c.next().text;
  } else if (c.isMark('.') && (whole === '' || c.token.gap === '')) {
    const after = c.peek(1);
    if (after.kind === 'digits' && after.gap === '') {
      c.next();
      point = true;
      part = c.next().text;
      while (c.token.kind === 'digits' && c.token.gap === 'thin') part += c.next().text;
    } else if (after.gap === '' && (repeatsAt(c, 1) !== undefined || isParenthesised(c, 1))) {
      c.next();
      point = true;
    } else if (after.gap === '' && after.kind === 'mark' && '/*^'.includes(after.text)) c.next();
  }
  if (point) {
    repeated = readRepeated(c, part);
    if (c.isMark('...')) c.next();
  }
  if (point || whole === '') return decimal(c, whole, part, repeated, readExponent(c, true));
  const exponent = readExponent(c, false);
  if (exponent !== undefined) return decimal(c, whole, '', '', exponent);
  skipOrdinal(c);
  if (c.isMark('_')) return readBase(c, whole);
  return exact(rational(bigInteger(c, whole)));
}

/** After digits: nothing that could go on with the number. */
function endsInteger({ kind, text }: Token): boolean {
  if (kind === 'mark') return !CONTINUING_MARKS.has(text);
  return kind === 'end' || (kind === 'letter' && text !== 'e' && text !== 'E');
}

function bigInteger(c: Cursor, digits: string): bigint {
  c.budget.allowBits(digits.length * BITS_PER_DIGIT);
  return BigInt(digits === '' ? '0' : digits);
}

/** Digits before the point, without their separators. */
function readWhole(c: Cursor): string {
  const first = c.next();
  let digits = first.text;
  const groups = groupsAhead(c, digits);
  for (let i = 0; i < groups.count; i++) {
    if (groups.separated) c.next();
    digits += c.next().text;
  }
  // Two long runs with a space between are one number, broken for a line.
  while (c.token.kind === 'digits' && digits.length > 8 && c.token.text.length > 8) digits += c.next().text;
  return digits;
}

/** Groups of three digits that one number may have; looking for more would make long lists cost their square. */
const MOST_GROUPS = 200;

/** How many groups of three digits follow, and whether a mark stands before each. */
function groupsAhead(c: Cursor, first: string): { readonly count: number; readonly separated: boolean } {
  const none = { count: 0, separated: false };
  if (first.length > 3 || first === '0' || first.startsWith('00')) return none;
  const { token } = c;
  if (token.kind === 'digits') {
    if (token.gap === '' || token.gap === 'wide' || token.text.length !== 3) return none;
    let count = 0;
    while (count <= MOST_GROUPS && isGroup(c.peek(count)) && c.peek(count).gap !== 'wide') count++;
    if (count > MOST_GROUPS) return none;
    // `2 123/500` is a mixed number.
    return c.peek(count).text === '/' ? none : { count, separated: false };
  }
  if (token.kind !== 'mark' || (token.text !== ',' && token.text !== '{,}' && token.text !== '.'))
    return none;
  const separator = token.text;
  let count = 0;
  let tight = separator === '{,}';
  let certain = tight;
  let at = 0;
  for (; count <= MOST_GROUPS; at += 2) {
    const mark = c.peek(at);
    const group = c.peek(at + 1);
    if (mark.kind !== 'mark' || mark.text !== separator || (mark.gap !== '' && mark.gap !== 'tight')) break;
    if (group.kind !== 'digits' || (group.gap !== '' && group.gap !== 'tight')) break;
    if (group.text.length !== 3) {
      if (separator === '.' || !certain) return none;
      break;
    }
    if (group.gap === 'tight' || mark.gap === 'tight') tight = true;
    // `1,000` is no list.
    if (group.text.startsWith('0')) certain = true;
    count++;
  }
  if (count === 0 || count > MOST_GROUPS) return none;
  if (separator === '.') {
    const decimalComma =
      c.peek(at).text === ',' && c.peek(at + 1).kind === 'digits' && c.peek(at + 1).gap === '';
    return c.listed === 0 && (count > 1 || decimalComma) ? { count, separated: true } : none;
  }
  // Money, and what has a decimal point after it.
  if (isMoney(c.peek(-2)) || (c.peek(at).text === '.' && c.peek(at + 1).kind === 'digits')) certain = true;
  if (tight || (certain && c.listed === 0)) return { count, separated: true };
  if (c.listed > 0) return none;
  if (c.depth === 0 && c.doubt('thousands')) return none;
  return { count, separated: true };
}

function isMoney(token: Token): boolean {
  return token.kind === 'mark' && '$£€'.includes(token.text);
}

function isGroup(token: Token): boolean {
  return token.kind === 'digits' && token.text.length === 3;
}

function isDecimalComma(c: Cursor, whole: string): boolean {
  const { token } = c;
  const after = c.peek(1);
  if (
    whole === '' ||
    token.kind !== 'mark' ||
    token.gap !== '' ||
    after.kind !== 'digits' ||
    after.gap !== ''
  )
    return false;
  if (token.text === '{,}') return true;
  if (token.text !== ',' || c.listed > 0 || c.depth > 0 || c.congruence) return false;
  const zero = whole === '0';
  if (after.text.length === 3 && !zero && whole.length <= 3) return false;
  // After separated thousands the comma is certain: `1.234,56`.
  if (c.peek(-2).text === '.') return true;
  if (isMoney(c.peek(-2)) || isMoney(c.peek(2))) return true;
  // So it is after spaces between thousands.
  if (whole.length > 3 && c.peek(-1).text !== whole) return true;
  return c.decimalCommas && zero !== c.doubt('decimal-comma');
}

/** Tokens of `\overline{3}` at an offset: how many, and the digits. */
function repeatsAt(c: Cursor, at: number): { readonly count: number; readonly digits: string } | undefined {
  const command = c.peek(at);
  if (command.kind !== 'command' || !['overline', 'bar', 'dot'].includes(command.text)) return undefined;
  if (c.peek(at + 1).kind === 'digits') return { count: 2, digits: c.peek(at + 1).text };
  const braced =
    c.peek(at + 1).text === '{' && c.peek(at + 2).kind === 'digits' && c.peek(at + 3).text === '}';
  return braced ? { count: 4, digits: c.peek(at + 2).text } : undefined;
}

function isParenthesised(c: Cursor, at: number): boolean {
  return c.peek(at).text === '(' && c.peek(at + 1).kind === 'digits' && c.peek(at + 2).text === ')';
}

function readRepeated(c: Cursor, part: string): string {
  const repeats = repeatsAt(c, 0);
  if (repeats !== undefined) {
    for (let i = 0; i < repeats.count; i++) c.next();
    return repeats.digits;
  }
  if (!isParenthesised(c, 0)) return '';
  if (part !== '' && !(c.token.gap === '' && c.peek(3).kind === 'end' && c.doubt('repeating'))) return '';
  c.next();
  const digits = c.next().text;
  c.next();
  return digits;
}

/** `e-5`, `E+3`, `e7` directly after the digits. */
function readExponent(c: Cursor, point: boolean): bigint | undefined {
  const { token } = c;
  if (token.kind !== 'letter' || token.gap !== '' || (token.text !== 'e' && token.text !== 'E'))
    return undefined;
  const sign =
    c.peek(1).kind === 'mark' && (c.peek(1).text === '-' || c.peek(1).text === '+') && c.peek(1).gap === '';
  const digits = c.peek(sign ? 2 : 1);
  if (digits.kind !== 'digits' || digits.gap !== '') return undefined;
  if (sign && !point && token.text === 'e' && c.doubt('e-notation')) return undefined;
  c.next();
  const negative = sign && c.next().text === '-';
  c.next();
  const size = bigInteger(c, digits.text);
  return negative ? -size : size;
}

function decimal(c: Cursor, whole: string, part: string, repeated: string, power = 0n): Expression {
  if (!fits(c, power))
    return product(decimal(c, whole, part, repeated), buildPower(integer(10), integer(power)));
  const digits = whole + part;
  const exponent = Number(power);
  c.budget.allowBits((digits.length + repeated.length + Math.abs(exponent)) * BITS_PER_DIGIT);
  let value = scaled(BigInt(digits === '' ? '0' : digits), exponent - part.length);
  if (repeated !== '') {
    const cycle = 10n ** BigInt(repeated.length) - 1n;
    const tail = rational(BigInt(repeated), cycle);
    const shift = scaled(1n, exponent - part.length);
    value = rational(value.n * tail.d * shift.d + tail.n * shift.n * value.d, value.d * tail.d * shift.d);
    return exact(value);
  }
  return { kind: 'number', value, significant: significantDigits(digits) };
}

/** Whether 10 to this power may be written out. */
function fits(c: Cursor, power: bigint): boolean {
  const limit = BigInt(Math.floor(c.budget.bits / BITS_PER_DIGIT / 2));
  return power <= limit && power >= -limit;
}

/** A number times a power of ten, as one number, its significant digits kept; undefined where it is too large. */
export function timesPowerOfTen(
  c: Cursor,
  number: NumberExpression,
  power: bigint,
): NumberExpression | undefined {
  if (!fits(c, power)) return undefined;
  const factor = scaled(1n, Number(power));
  return { ...number, value: rational(number.value.n * factor.n, number.value.d * factor.d) };
}

/** n times a power of ten. */
function scaled(n: bigint, exponent: number): { readonly n: bigint; readonly d: bigint } {
  return exponent >= 0 ? { n: n * 10n ** BigInt(exponent), d: 1n } : rational(n, 10n ** BigInt(-exponent));
}

/** Digits from the first that is not zero; of zero all but one of its leading zeros. */
function significantDigits(digits: string): number {
  let zeros = 0;
  while (zeros < digits.length - 1 && digits.charCodeAt(zeros) === 48) zeros++;
  return Math.max(digits.length - zeros, 1);
}

/** `1st`, `11^{\text{th}}`. */
function skipOrdinal(c: Cursor): void {
  const ordinal = (token: Token) => token.kind === 'word' && /^(?:st|nd|rd|th)$/.test(token.text);
  if (ordinal(c.token) && c.token.gap === '') c.next();
  else if (c.isMark('^') && ordinal(c.peek(1))) c.position += 2;
  else if (c.isMark('^') && c.peek(1).text === '{' && ordinal(c.peek(2)) && c.peek(3).text === '}')
    c.position += 4;
}
