import { DoppioError } from '@doppio/core';
import type { Failure } from '../failure.js';

/** The error that a worker told. */
export function reviveFailure({ code, facts, cause }: Failure): DoppioError {
  return new DoppioError(code, cause === undefined ? facts : { ...facts, cause: new Error(cause) });
}
