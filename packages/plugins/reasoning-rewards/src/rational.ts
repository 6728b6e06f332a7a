/** A fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Digits above which a number is not read: comparing must stay fast on hostile text. */
const MAX_DIGITS = 1000;

const INTEGER = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)`;
const DECIMAL = new RegExp(String.raw`^([+-]?)(?:(${INTEGER})(?:\.(\d*))?|\.(\d+))$`);
const SLASH = /^([^/]+)\/([^/]+)$/;
const LATEX_FRACTION = /^([+-]?)\\[dt]?frac(?:\{([^{}]+)\}|(\d))(?:\{([^{}]+)\}|(\d))$/;

/**
 * Reads an integer (thousands may be grouped by commas), a decimal, a quotient of them `3/4`, or a LaTeX fraction.
 *
 * @returns undefined for anything else, for a zero denominator and for numbers of more than 1000 characters
 */
export function parseRational(text: string): Rational | undefined {
  const compact = text.replace(/\s+/gu, '');
  if (compact.length > MAX_DIGITS) return undefined;
  const fraction = LATEX_FRACTION.exec(compact);
  if (fraction !== null) {
    const value = quotient(fraction[2] ?? fraction[3] ?? '', fraction[4] ?? fraction[5] ?? '');
    return value === undefined || fraction[1] !== '-' ? value : { ...value, numerator: -value.numerator };
  }
  const slash = SLASH.exec(compact);
  return slash === null ? parseDecimal(compact) : quotient(slash[1] ?? '', slash[2] ?? '');
}

export function equalRationals(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

function parseDecimal(text: string): Rational | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '0', tail, bare] = match;
  const decimals = tail ?? bare ?? '';
  const magnitude = BigInt(whole.replaceAll(',', '') + decimals);
  return reduce(sign === '-' ? -magnitude : magnitude, 10n ** BigInt(decimals.length));
}

function quotient(upper: string, lower: string): Rational | undefined {
  const a = parseDecimal(upper);
  const b = parseDecimal(lower);
  if (a === undefined || b === undefined || b.numerator === 0n) return undefined;
  return reduce(a.numerator * b.denominator, a.denominator * b.numerator);
}

function reduce(numerator: bigint, denominator: bigint): Rational {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = denominator < 0n ? -a : a;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}
