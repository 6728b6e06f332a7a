import { short } from './short.js';

/**
 * An answer in a data file: text, or a number as its decimal text.
 * @returns undefined for anything else, and for integers that a JSON number cannot hold exactly
 */
export function answerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
}

/** Why {@link answerText} gave nothing for a field of a record. */
export function notAnAnswer(
  name: string,
  record: Readonly<Record<string, unknown>>,
): { readonly problem: string; readonly seen: string } {
  const value = record[name];
  if (value === undefined)
    return { problem: `there is no "${name}"`, seen: short(`the keys ${Object.keys(record).join(', ')}`) };
  const seen = JSON.stringify(value).slice(0, 80);
  return typeof value === 'number'
    ? { problem: `"${name}" is an integer whose last digits are lost as a number; write it as text`, seen }
    : { problem: `"${name}" must be text or a number`, seen };
}
