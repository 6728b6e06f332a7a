import { InvalidArgumentError } from 'commander';

/** Parses a flag's value as an integer of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = numberOf(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`must be an integer of at least ${String(least)}`);
    return value;
  };
}

/** Parses a flag's value as a number of at least `least`. */
export function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = numberOf(text);
    if (!Number.isFinite(value) || value < least)
      throw new InvalidArgumentError(`must be a number of at least ${String(least)}`);
    return value;
  };
}

/** Parses a flag's value as a number from 0 to 1, without one of the ends. */
export function fraction(end: 'above 0' | 'below 1'): (text: string) => number {
  return (text) => {
    const value = numberOf(text);
    if (!(value >= 0 && value <= 1) || value === (end === 'above 0' ? 0 : 1))
      throw new InvalidArgumentError(
        `must be a number ${end === 'above 0' ? 'above 0, up to 1' : 'from 0 on, below 1'}`,
      );
    return value;
  };
}

/** Only digits, as people write numbers: JavaScript also takes an empty text for 0, and 0x10 for 16. */
function numberOf(text: string): number {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** Collects a flag that may be given several times. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** Parses a flag's value as a share in percent. */
export function percentage(text: string): number {
  const value = numberOf(text.replace(/ ?%$/, ''));
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('must be a number from 0 to 100');
  return value;
}
