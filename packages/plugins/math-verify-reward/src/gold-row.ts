import { DoppioError } from '@doppio/core';

type Row = Readonly<Record<string, unknown>>;

/** The gold answer in a row's column, a number as its decimal text. @throws DoppioError REWARD_COLUMN */
export function goldText(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  throw new DoppioError('REWARD_COLUMN', {
    what: `The reward accuracy needs text or a number in the column "${column}" of every row.`,
    where: `row with the columns ${Object.keys(row).join(', ') || '(none)'}`,
    seen: value === undefined ? 'no such column' : `${typeof value} ${String(value)}`.slice(0, 80),
    fix: 'Name the column with the gold answer in `options.gold` of the reward, or give the dataset such a column.',
  });
}

/** Columns that datasets number their rows by, and those that tell a person which problem it is. */
const IDS = ['id', 'index', 'idx', 'unique_id', 'uuid', 'problem_id'];
const PROBLEMS = ['problem', 'question', 'prompt'];
const MOST = 80;

/** Which row it is, in words: its id if it has one, its gold answer, the beginning of its problem. */
export function rowName(row: Row, goldColumn: string): string {
  const id = IDS.find((name) => typeof row[name] === 'string' || typeof row[name] === 'number');
  const problem = PROBLEMS.find((name) => name !== goldColumn && typeof row[name] === 'string');
  return [
    id === undefined ? 'row' : `row with ${id} ${String(row[id])},`,
    `with ${goldColumn} ${short(String(row[goldColumn]))}`,
    ...(problem === undefined ? [] : [`and ${problem} ${short(String(row[problem]))}`]),
  ].join(' ');
}

function short(text: string): string {
  return JSON.stringify(text.length > MOST ? `${text.slice(0, MOST)}...` : text);
}
