import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A TypeScript program of this folder in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** Lines of its standard output so far. */
  readonly lines: string[];
  /** Resolves at the next line; rejects with its standard error when it ends before. */
  readonly nextLine: () => Promise<string>;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

export function startChild(name: string, ...args: string[]): Child {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errors = '';
  let wake: () => void = () => undefined;
  let seen = 0;
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const closed = once(child, 'close').then(() => wake());
  return {
    process: child,
    lines,
    nextLine: async () => {
      while (lines.length === seen) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the child ended: ${errors}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
      seen = lines.length;
      return lines.at(-1) as string;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
