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
