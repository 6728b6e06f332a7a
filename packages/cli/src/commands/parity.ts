import type { Command } from 'commander';
import { EXIT } from '../failure.js';
import { print, printJson, table } from '../print.js';

export function addParityCommand(program: Command): void {
  program
    .command('parity')
    .description('check this build against a folder of golden numbers')
    .argument(
      '<folder>',
      'folder with models, losses, optimizer steps, rewards, schedules or sampling in the form of the fixtures',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
One line per file: the worst error seen and the limit that the file states. Exit code 1 if any exceeds it,
which a file also does that is damaged or of no known kind; with --json its worst error is then null.

Examples:
  doppio parity golden
  doppio parity golden/numeric --json`,
    )
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const { checkFolder } = await import('../parity/check-folder.js');
      const results = await checkFolder(folder);
      const failed = results.filter(({ passed }) => !passed);
      if (json === true) printJson(results);
      else {
        print(
          table([
            ['FILE', 'WORST', 'LIMIT', 'RESULT'],
            ...results.map(({ file, worst, limit, passed, note }) => [
              file,
              worst.toExponential(2),
              limit.toExponential(0),
              `${passed ? 'ok' : 'EXCEEDED'}${note === undefined ? '' : `  ${note}`}`,
            ]),
          ]),
        );
        const skipped = results.filter(({ note }) => note?.startsWith('skipped') === true);
        print(
          `${String(results.length - failed.length - skipped.length)} of ${String(results.length)} within their limits, ${String(skipped.length)} skipped, ${String(failed.length)} exceeded`,
        );
      }
      if (failed.length > 0) process.exitCode = EXIT.failed;
    });
}
