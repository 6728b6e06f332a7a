import { reportFailure } from './failure.js';
import { createProgram } from './program.js';

/** Runs the command line; sets the exit code instead of exiting, so that output is flushed. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  try {
    await createProgram()
      .exitOverride()
      .parseAsync([...argv]);
  } catch (error) {
    process.exitCode = reportFailure(error, argv.includes('--json'));
  }
}
