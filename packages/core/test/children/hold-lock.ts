// Tries to open the run folder argv[2], says how that went, and holds it until it is killed.
import { RunDirectory } from '../../src/run/run-directory.js';

try {
  await RunDirectory.open(process.argv[2] as string, { resume: true });
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`${(error as { code: string }).code}\n`);
}
