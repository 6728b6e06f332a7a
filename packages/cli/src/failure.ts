import { DoppioError } from '@doppio/core';
import { CommanderError } from 'commander';

export const EXIT = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** Codes of errors in what the user wrote, as opposed to what went wrong while running it. */
const usageCodes = /^(CONFIG|OPTIONS|PARTS|PLUGIN|RUN_EXISTS|CLI)/;

/** Tells the user what failed and gives the exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Error && error.name === 'AbortError') return EXIT.stopped;
  // Releasing something failed as well: what failed first is what the user has to know.
  if (error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error)
    return reportFailure(error.suppressed, json);
  if (DoppioError.is(error)) {
    if (json)
      process.stdout.write(
        `${JSON.stringify({ error: { code: error.code, ...error.facts, cause: causeOf(error) } })}\n`,
      );
    else
      process.stderr.write(
        `${error.message}\n${causeOf(error) === undefined ? '' : `  cause: ${String(causeOf(error))}\n`}`,
      );
    return usageCodes.test(error.code) ? EXIT.usage : EXIT.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: 'UNEXPECTED', what: text } })}\n`);
  else process.stderr.write(`${text}\n`);
  return EXIT.failed;
}

function causeOf(error: DoppioError): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined;
}
