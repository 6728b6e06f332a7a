import { exact, product } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { sameDimension, unitOf } from '../answer/units.js';
import { add, multiply, ONE, rational, type Rational } from '../values/rational.js';
import type { Cursor } from './cursor.js';
import { MULTIPLIERS } from './number-words.js';
import { DEGREE_WORDS, isCurrency, isTemperature, UnitReader, type UnitsAhead } from './unit-reader.js';

/** What follows a value and is no factor of it: a unit or noun, percent, degrees, a multiplier such as "million". */
export type UnitAhead =
  | UnitsAhead
  | { readonly kind: 'percent' }
  | { readonly kind: 'degrees' }
  | { readonly kind: 'times'; readonly by: bigint; readonly then: UnitAhead | undefined };

const PERCENT_WORDS: ReadonlySet<string> = new Set(['percent', 'percentage', 'pct', 'percents']);

/**
 * The unit or noun after a value, taken if there is one.
 *
 * @param numeric - the value holds no symbols: only then are bare letters (`12 m`) or unknown words (`12 apples`) taken
 * @param value - what the unit would belong to
 */
export function readUnit(c: Cursor, numeric: boolean, value?: Expression): UnitAhead | undefined {
  const { token } = c;
  if (token.kind === 'digits' || token.kind === 'end') return undefined;
  if (token.kind === 'mark' && !isCurrency(token.text) && token.text !== '°') return undefined;
  if (token.kind === 'command' && token.text !== 'mu' && token.text !== 'Omega') return undefined;
  if (value?.kind === 'degrees' && isTemperature(token)) {
    c.next();
    return new UnitReader(c, numeric, [
      { name: '°' + token.text.charAt(0).toUpperCase(), power: ONE },
    ]).read();
  }
  if (isTimeOfDay(c, value)) return undefined;
  if (token.kind === 'word') {
    const special = readSpecialWord(c, numeric);
    if (special !== undefined) return special;
  }
  const start = c.position;
  const unit = new UnitReader(c, numeric).read();
  if (unit === undefined) c.position = start;
  return unit;
}

/** `am` and `pm` after minutes, or after an hour: no attometres or picometres. */
function isTimeOfDay(c: Cursor, value: Expression | undefined): boolean {
  const { kind, text } = c.token;
  if (kind !== 'word' || !/^[ap]m$/i.test(text)) return false;
  return (
    c.peek(-2).text === ':' || (value?.kind === 'number' && value.value.d === 1n && value.value.n <= 12n)
  );
}

function readSpecialWord(c: Cursor, numeric: boolean): UnitAhead | undefined {
  const word = c.token.text.toLowerCase();
  if (PERCENT_WORDS.has(word)) {
    c.next();
    return { kind: 'percent' };
  }
  if (word === 'per' && c.peek(1).text === 'cent') {
    c.position += 2;
    return { kind: 'percent' };
  }
  const by = numeric && Object.hasOwn(MULTIPLIERS, word) ? MULTIPLIERS[word] : undefined;
  if (by !== undefined) {
    c.next();
    return { kind: 'times', by, then: c.deeper(() => readUnit(c, numeric)) };
  }
  if (!DEGREE_WORDS.has(word)) return undefined;
  const after = c.peek(1);
  if (isTemperature(after)) return undefined;
  c.next();
  return { kind: 'degrees' };
}

/** Puts a unit on a value. */
export function attachUnit(value: Expression, unit: UnitAhead): Expression {
  switch (unit.kind) {
    case 'percent':
      return { kind: 'percent', value };
    case 'degrees':
      return { kind: 'degrees', value };
    case 'times': {
      const scaled =
        value.kind === 'number'
          ? { ...value, value: multiply(value.value, rational(unit.by)) }
          : product(value, exact(rational(unit.by)));
      return unit.then === undefined ? scaled : attachUnit(scaled, unit.then);
    }
    case 'unit':
      // 25 degrees, then C: degrees Celsius.
      return {
        kind: 'quantity',
        value: value.kind === 'degrees' && unit.factors[0]?.name.startsWith('°') ? value.value : value,
        unit: unit.factors,
      };
  }
}

/**
 * "7 minutes and 5 seconds", "5 ft 3 in": one quantity, in the smaller unit. Taken where the unit that follows measures
 * the same and is smaller.
 */
export function joinQuantities(c: Cursor, left: Expression): Expression | undefined {
  if (left.kind !== 'quantity' || left.value.kind !== 'number') return undefined;
  const start = c.position;
  if (c.token.kind === 'word' && c.token.text === 'and') c.next();
  if (c.token.kind !== 'digits') {
    c.position = start;
    return undefined;
  }
  const large = unitOf(left.unit);
  const digits = c.next().text;
  const after = large === undefined || digits.length > 9 ? undefined : readUnit(c, true);
  const small = after?.kind === 'unit' ? unitOf(after.factors) : undefined;
  const [big, little] = [left.unit[0], after?.kind === 'unit' ? after.factors[0] : undefined];
  if (
    large === undefined ||
    small === undefined ||
    !big ||
    !little ||
    left.unit.length > 1 ||
    !isSmaller(large.scale, small.scale) ||
    !sameDimension(large.dimension, small.dimension)
  ) {
    c.position = start;
    return undefined;
  }
  const ratio = multiply(large.scale, rational(small.scale.d, small.scale.n));
  return {
    kind: 'quantity',
    value: exact(add(multiply(left.value.value, ratio), rational(BigInt(digits)))),
    unit: [little],
  };
}

function isSmaller(large: Rational, small: Rational): boolean {
  return large.n * small.d > small.n * large.d;
}
