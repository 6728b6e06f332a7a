import { DoppioError } from '@doppio/core';
import { CommanderError } from 'commander';

export const EXIT = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** Codes of errors in what the user wrote, as opposed to what went wrong while running it. */
const usageCodes = /^(CONFIG|OPTIONS|PARTS|PLUGIN|RUN_EXISTS|CHECKPOINT_MISMATCH|CLI)/;

/**
 * Tells the user what failed and gives the exit code. With `json`, standard output gets it as one JSON object, for the
 * program that reads there.
 */
export function reportFailure(thrown: unknown, json: boolean): number {
  const error = firstError(thrown);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // Commander has written its message to standard error.
    if (json) printError({ code: 'CLI_USAGE', what: usageProblem(error) });
    return EXIT.usage;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    if (json) printError({ code: 'STOPPED', what: 'stopped before the end' });
    return EXIT.stopped;
  }
  if (DoppioError.is(error)) {
    if (json) printError({ code: error.code, ...error.facts, cause: causeOf(error) });
    else {
      const cause = causeOf(error);
      // Where the cause is all that was seen, once is enough.
      const more = cause === undefined || error.message.includes(cause) ? '' : `  cause: ${cause}\n`;
      process.stderr.write(`${error.message}\n${more}`);
    }
    return usageCodes.test(error.code) ? EXIT.usage : EXIT.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (json) printError({ code: 'UNEXPECTED', what: text });
  else process.stderr.write(`${text}\n`);
  return EXIT.failed;
}

/** Where releasing something failed as well: what failed first is what the user has to know. */
export function firstError(error: unknown): unknown {
  return error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error
    ? firstError(error.suppressed)
    : error;
}

function printError(error: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}

function usageProblem({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'a command is missing';
  return message.replace(/^error: /, '').replaceAll('\n', ' ');
}

function causeOf(error: DoppioError): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined;
}
