import { DoppioError } from '@doppio/core';
import type { ErrorFacts } from '@doppio/core';

/** A {@link DoppioError} as plain data, for it loses its class on the way between threads. */
export interface Failure {
  readonly code: string;
  readonly facts: Omit<ErrorFacts, 'cause'>;
  /** Message of the cause, e.g. ONNX Runtime's own words. */
  readonly cause?: string;
}

export function reviveFailure({ code, facts, cause }: Failure): DoppioError {
  return new DoppioError(code, cause === undefined ? facts : { ...facts, cause: new Error(cause) });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
