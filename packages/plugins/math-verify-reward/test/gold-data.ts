import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

interface Row {
  readonly answer?: string | number;
  readonly solution?: string;
}

interface DatasetSpec {
  readonly name: string;
  /** Where the gold stands in a row. */
  readonly gold: (row: Row) => string | undefined;
  /** Long: only every tenth row is looked at, unless ALL_GOLDS is set. */
  readonly long?: true;
}

const answer = ({ answer: value }: Row): string | undefined =>
  value === undefined ? undefined : String(value);

/** Datasets beside the repository, which are not part of it. */
export const DATASETS: readonly DatasetSpec[] = [
  { name: 'aime24', gold: answer },
  { name: 'aime25', gold: answer },
  { name: 'amc23', gold: answer },
  { name: 'math500', gold: answer },
  { name: 'minerva_math', gold: ({ solution = '' }) => lastBox(solution) },
  { name: 'gsm8k', gold: (row) => answer(row)?.split('####').at(-1)?.trim() },
  { name: 'train/deepscaler', gold: answer, long: true },
];

export interface Golds {
  readonly missing: boolean;
  /** Rows that were looked at. */
  readonly rows: number;
  /** Each different gold once. */
  readonly golds: readonly string[];
}

export function readGolds({ name, gold, long }: DatasetSpec): Golds {
  const file = `${folder}${name}.jsonl`;
  if (!existsSync(file)) return { missing: true, rows: 0, golds: [] };
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const every = long && process.env['ALL_GOLDS'] === undefined ? 10 : 1;
  const all = lines
    .filter((_, row) => row % every === 0)
    .map((line) => gold(JSON.parse(line) as Row))
    .filter((value) => value !== undefined);
  return { missing: false, rows: all.length, golds: [...new Set(all)] };
}

/** What the last \boxed{...} of a solution holds. */
function lastBox(text: string): string | undefined {
  const at = text.lastIndexOf('\\boxed{');
  if (at === -1) return undefined;
  const start = at + '\\boxed{'.length;
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}') depth--;
    if (depth === 0) return text.slice(start, i);
  }
  return undefined;
}
