import { EXIT, reportFailure } from './failure.js';
import { createProgram } from './program.js';

/** Runs the command line; sets the exit code instead of exiting, so that output is flushed. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  let unwritten: Error | undefined;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The work goes on without those who read along: they may leave (`| head`, a closed terminal).
      if (!READER_GONE.has(error.code ?? '')) unwritten ??= error;
    });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = reportFailure(error, argv.includes('--json'));
  }
  // What failed to be written is told to the streams' listeners a moment later.
  await new Promise((resolve) => setImmediate(resolve));
  if (unwritten === undefined) return;
  process.stderr.write(`some of the output could not be written: ${unwritten.message}\n`);
  process.exitCode ||= EXIT.failed;
}

/** A pipe without a reader; a terminal that was closed. */
const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO']);
