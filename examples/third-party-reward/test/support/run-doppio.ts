import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const program = fileURLToPath(new URL('doppio.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own, from the folder `cwd`. */
export function doppio(cwd: string, ...args: readonly string[]): Promise<Ended> {
  // The condition is for this repository: packages are then run from their sources, built or not.
  const node = ['--conditions=doppio:source', '--import', tsx, program, ...args];
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, node, { cwd, env, timeout: 55_000 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
