const brand = Symbol.for('@doppio/core/DoppioError');

/** The four things every error of this project says. */
export interface ErrorFacts {
  /** What failed, one sentence. */
  readonly what: string;
  /** File, config key, plugin, tensor or node. */
  readonly where?: string;
  /** The value or condition found. */
  readonly seen?: string;
  /** What the reader can do about it. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/** The one error family. `code` is stable (docs/errors.md) and may be matched on; the message may change. */
export class DoppioError extends Error {
  readonly code: string;
  readonly facts: ErrorFacts;

  constructor(code: string, facts: ErrorFacts) {
    const lines = [
      `[${code}] ${facts.what}`,
      facts.where === undefined ? '' : `  where: ${facts.where}`,
      facts.seen === undefined ? '' : `  seen:  ${facts.seen}`,
      facts.fix === undefined ? '' : `  fix:   ${facts.fix}`,
    ];
    super(
      lines.filter((line) => line !== '').join('\n'),
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.name = 'DoppioError';
    this.code = code;
    this.facts = facts;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for errors of any copy of this package: a plugin may bring its own. */
  static is(error: unknown, code?: string): error is DoppioError {
    return (
      typeof error === 'object' &&
      error !== null &&
      brand in error &&
      (code === undefined || (error as unknown as DoppioError).code === code)
    );
  }
}
