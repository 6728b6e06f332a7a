import type { ErrorFacts } from '@doppio/core';

// Workers load this file, and should not load all of core, which takes 20 MB in each: types only.

/** A DoppioError as plain data, for it loses its class on the way between threads. */
export interface Failure {
  readonly code: string;
  readonly facts: Omit<ErrorFacts, 'cause'>;
  /** Message of the cause, e.g. ONNX Runtime's own words. */
  readonly cause?: string;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
