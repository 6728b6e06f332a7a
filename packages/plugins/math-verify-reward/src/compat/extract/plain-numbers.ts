import { isDigit, skipDigits, skipSpaces, wordAt } from './characters.js';
import type { NumberParts } from './place.js';

/**
 * The numbers that may be read at `position`, in the order in which Math-Verify's patterns would try them: with as many
 * digits as possible first, then with fewer. Only what follows a number can make a later one the choice.
 */
export function* numbersAt(text: string, position: number): Generator<NumberParts> {
  const digits = text[position] === '-' ? position + 1 : position;
  yield* withThousands(text, position, digits);
  yield* withDecimals(text, position, digits);
  yield* decimalsOnly(text, position);
  for (let end = skipDigits(text, digits); end > digits; end--) yield* withPercent(text, position, end, end);
}

/** `1,234.5`, `12 345`: groups of three after one to three digits that do not start with zero. */
function* withThousands(text: string, start: number, digits: number): Generator<NumberParts> {
  const first = text.charCodeAt(digits);
  if (!(first >= 0x31 && first <= 0x39)) return;
  for (let lead = Math.min(skipDigits(text, digits), digits + 3); lead > digits; lead--) {
    const ends: number[] = [];
    for (let end = lead; isGroup(text, end); end += 4) ends.push(end + 4);
    for (const end of ends.reverse()) yield* withFraction(text, start, end);
  }
}

function isGroup(text: string, position: number): boolean {
  const separator = text[position];
  if (separator !== ',' && separator !== ' ') return false;
  return [1, 2, 3].every((offset) => isDigit(text.charCodeAt(position + offset)));
}

/** A number that ends at `integerEnd`, with the decimals after it, if there are any, and without. */
function* withFraction(text: string, start: number, integerEnd: number): Generator<NumberParts> {
  if (text[integerEnd] === '.') yield* decimals(text, start, integerEnd);
  yield* withPercent(text, start, integerEnd, integerEnd);
}

/** `12.5`, `12,5`. */
function* withDecimals(text: string, start: number, digits: number): Generator<NumberParts> {
  const integerEnd = skipDigits(text, digits);
  if (integerEnd > digits && '.,'.includes(text[integerEnd] ?? ' ')) yield* decimals(text, start, integerEnd);
}

/** `.5`. */
function* decimalsOnly(text: string, start: number): Generator<NumberParts> {
  if (text[start] === '.') yield* decimals(text, start, start);
}

function* decimals(text: string, start: number, point: number): Generator<NumberParts> {
  for (let end = skipDigits(text, point + 1); end > point + 1; end--)
    yield* withPercent(text, start, point, end);
}

const PERCENT_SIGNS = [
  ['%', 'percent', 'Percent'],
  ['percentage', 'Percentage'],
  ['pct', 'Pct'],
] as const;

function* withPercent(text: string, start: number, integerEnd: number, end: number): Generator<NumberParts> {
  const parts = {
    span: { start, end },
    integer: text.slice(start, integerEnd),
    decimal: text.slice(integerEnd, end),
  };
  const afterSpaces = skipSpaces(text, end);
  for (const signs of PERCENT_SIGNS) {
    const sign = wordAt(text, afterSpaces, signs);
    if (sign !== undefined) yield { ...parts, end: afterSpaces + sign.length, percent: true };
  }
  yield { ...parts, end, percent: false };
}
