import { DoppioError } from '@doppio/core';

/** A line that cannot be used; the others still are. */
export interface BadLine {
  readonly where: string;
  readonly problem: string;
  readonly seen: string;
}

/** Told at once, so that a long run shows it while it can still be stopped. */
export function reportBadLine({ where, problem, seen }: BadLine): void {
  const error = new DoppioError('VERIFY_LINE', { what: problem, where, seen });
  process.stderr.write(`${error.message}\n`);
}

/** So many lines that cannot be used, and not one that can: it is another kind of file. */
const MOST_BAD_LINES_FIRST = 20;

/** @throws DoppioError CLI_FILE where the first lines are all of no use */
export function giveUpOn(file: string, bad: number, good: number): void {
  if (good > 0 || bad < MOST_BAD_LINES_FIRST) return;
  throw new DoppioError('CLI_FILE', {
    what: `none of the first ${String(bad)} lines can be used`,
    where: file,
    seen: 'the problems above',
    fix: 'give a file with one JSON object per line that has the fields asked for; --help names them',
  });
}
