/** Outcome of one file: the quantity that came nearest to (or went furthest beyond) its limit. */
export interface FileResult {
  readonly file: string;
  readonly worst: number;
  readonly limit: number;
  readonly passed: boolean;
  /** What was worst, what is not compared, or why nothing was. */
  readonly note?: string;
}
export type Outcome = Omit<FileResult, 'file'>;

/** Collects errors of several quantities, each with its own limit. */
export class Tally {
  private worst: { readonly quantity: string; readonly error: number; readonly limit: number } | undefined;
  private readonly notes: string[] = [];
  private comparisons = 0;

  /** An error that is not a number counts as infinite. */
  add(quantity: string, error: number, limit: number): void {
    this.comparisons += 1;
    const found = { quantity, error: Number.isNaN(error) ? Infinity : error, limit };
    if (this.worst === undefined || share(found) > share(this.worst)) this.worst = found;
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** A file that nothing could be compared with has not passed. */
  outcome(): Outcome {
    if (this.worst === undefined) return failure('holds nothing to compare');
    const { quantity, error, limit } = this.worst;
    const note = [`${quantity} (of ${String(this.comparisons)} comparisons)`, ...this.notes].join('; ');
    return { worst: error, limit, passed: error <= limit, note };
  }
}

/** How much of its limit an error takes; exact quantities (limit 0) take nothing or everything. */
function share({ error, limit }: { readonly error: number; readonly limit: number }): number {
  if (error === 0) return 0;
  return limit === 0 ? Infinity : error / limit;
}

export function failure(note: string): Outcome {
  return { worst: Infinity, limit: 0, passed: false, note };
}

/** Not checked, and said so: something outside of the folder is needed that is not there. */
export function skipped(note: string): Outcome {
  return { worst: 0, limit: 0, passed: true, note: `skipped: ${note}` };
}

/** The limit that `about` states: the pattern's first group; `otherwise` where it is worded differently. */
export function statedLimit(about: string, pattern: RegExp, otherwise: number): number {
  const value = Number(pattern.exec(about)?.[1]);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}
