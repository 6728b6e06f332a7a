import { spawn, type ChildProcess } from 'node:child_process';
import { commandLine } from './command-line.js';

/** How a process ended, and what it wrote. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves once standard output or standard error has matched; rejects when the process ends before. */
  readonly wrote: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  /** Default: this process's. */
  readonly cwd?: string;
  /** Beside this process's variables; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whole standard input. Default: none. */
  readonly input?: string;
  /** Leaves standard input open, for the test to write to and to end. Default: false. */
  readonly open?: boolean;
}

/** Starts the command line in a process of its own, without a terminal. */
export function startDoppio(args: readonly string[], { cwd, env, input, open }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [...commandLine, ...args], {
    cwd,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      CI: '1',
      // As if nobody had started the tests by npm.
      npm_lifecycle_event: undefined,
      INIT_CWD: undefined,
      ...env,
    },
    // No process outlives a test that failed.
    timeout: 55_000,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr, over] = ['', '', false];
  const listeners = new Set<() => void>();
  const notify = (): void => listeners.forEach((listener) => listener());
  child.stdout.setEncoding('utf8').on('data', (piece: string) => ((stdout += piece), notify()));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => ((stderr += piece), notify()));
  child.stdin.on('error', () => undefined);
  if (open !== true) child.stdin.end(input ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      over = true;
      notify();
      resolve({ code, signal, stdout, stderr });
    });
  });
  const wrote = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.test(stdout) || pattern.test(stderr);
        if (!found && !over) return;
        listeners.delete(look);
        if (found) resolve();
        else reject(new Error(`it ended without writing ${String(pattern)}:\n${stdout}${stderr}`));
      };
      listeners.add(look);
      look();
    });
  return { process: child, wrote, ended };
}

/** Runs the command line to its end. */
export function doppio(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startDoppio(args, options).ended;
}
