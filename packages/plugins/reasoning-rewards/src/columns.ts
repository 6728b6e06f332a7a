import { DoppioError } from '@doppio/core';

/** The expected answer in a row's column, numbers written out. @throws DoppioError REWARD_COLUMN */
export function textColumn(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  throw missing(row, column, 'text or a number', value);
}

/** A length in a row's column. @throws DoppioError REWARD_COLUMN */
export function lengthColumn(row: Readonly<Record<string, unknown>>, column: string): number {
  const value = row[column];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw missing(row, column, 'a number of at least 0', value);
}

function missing(row: object, column: string, wanted: string, value: unknown): DoppioError {
  return new DoppioError('REWARD_COLUMN', {
    what: `A reward needs ${wanted} in the column "${column}" of every row.`,
    where: `row with the columns ${Object.keys(row).join(', ') || '(none)'}`,
    seen: value === undefined ? 'no such column' : `${typeof value} ${String(value)}`.slice(0, 80),
    fix: 'Name the right column in the options of the reward, or give the dataset such a column.',
  });
}
