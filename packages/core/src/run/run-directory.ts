import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Tracker } from '../contracts/tracker.js';
import { DoppioError } from '../errors/doppio-error.js';
import { TEMPORARY_FILE, writeFileAtomic } from './atomic-file.js';
import { EventLog } from './event-log.js';
import { makeDirectory } from './make-directory.js';
import { acquireRunLock, LOCK_FILE, type RunLock } from './lock.js';
import { explainFileError } from './write-failure.js';

/** Files of a run folder. Checkpoints lie in `checkpoints/`. */
export const RUN_FILES = {
  config: 'config.json',
  events: 'events.jsonl',
  summary: 'summary.json',
  lock: LOCK_FILE,
} as const;

/**
 * The folder of one run, locked against other processes until it is released.
 *
 * `config.json` is the resolved configuration. `events.jsonl` is everything that happened, attempt after attempt:
 * events of steps that a killed attempt did after its last checkpoint stay, and the resumed attempt's events of the
 * same steps follow its own `run-started`; for one value per step take the last. `summary.json` is there once the run
 * has ended.
 */
export class RunDirectory {
  /** Absolute. */
  readonly path: string;
  /** Whether the folder held an earlier attempt of this run when it was opened. */
  readonly resumed: boolean;
  private readonly lock: RunLock;
  private log: EventLog | undefined;

  private constructor(path: string, resumed: boolean, lock: RunLock) {
    this.path = path;
    this.resumed = resumed;
    this.lock = lock;
  }

  /**
   * Creates the folder if need be and locks it. A killed process's lock is taken over at once.
   *
   * @param options - `resume`: allow a folder that is not empty; default false
   * @throws DoppioError RUN_LOCKED (a live process uses it), RUN_EXISTS (not empty, without `resume`), RUN_WRITE
   */
  static async open(
    path: string,
    { resume = false }: { readonly resume?: boolean } = {},
  ): Promise<RunDirectory> {
    const absolute = resolve(path);
    const lock = await attempt(absolute, 'The run folder cannot be made.', async () => {
      await makeDirectory(absolute);
      return acquireRunLock(absolute);
    });
    try {
      return await attempt(absolute, 'The run folder cannot be read.', async () => {
        const names = await removeLeftovers(absolute);
        if (names.length > 0 && !resume) throw exists(absolute, names);
        return new RunDirectory(absolute, names.length > 0, lock);
      });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Writes `config.json`. @throws DoppioError RUN_WRITE */
  writeConfig(config: unknown): Promise<void> {
    return this.writeJson(RUN_FILES.config, config);
  }

  /** The `config.json` of an earlier attempt; undefined without one. @throws DoppioError RUN_READ */
  readConfig(): Promise<unknown> {
    return this.readJson(RUN_FILES.config);
  }

  /** Writes `summary.json`. @throws DoppioError RUN_WRITE */
  writeSummary(summary: unknown): Promise<void> {
    return this.writeJson(RUN_FILES.summary, summary);
  }

  /** The `summary.json` of an earlier attempt; undefined without one. @throws DoppioError RUN_READ */
  readSummary(): Promise<unknown> {
    return this.readJson(RUN_FILES.summary);
  }

  /** A tracker that appends every event but progress within a step to `events.jsonl`. Failures (DoppioError RUN_WRITE) are the event bus's. */
  eventLogTracker(): Tracker {
    const path = join(this.path, RUN_FILES.events);
    return {
      id: 'run-directory',
      onEvent: (event) => {
        if (event.type === 'sampling' || event.type === 'evaluation-progress') return;
        try {
          this.log ??= new EventLog(path);
          this.log.append(event);
        } catch (error) {
          throw new DoppioError('RUN_WRITE', {
            what: 'An event cannot be written.',
            where: path,
            ...explainFileError(error),
          });
        }
      },
      close: () => this.closeLog(),
    };
  }

  /** Closes the event log and gives the lock back; further calls do nothing. */
  async release(): Promise<void> {
    try {
      this.closeLog();
    } finally {
      await this.lock.release();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  private closeLog(): void {
    this.log?.close();
    this.log = undefined;
  }

  private writeJson(name: string, value: unknown): Promise<void> {
    const path = join(this.path, name);
    const text = `${JSON.stringify(value, undefined, 2)}\n`;
    return attempt(path, `${name} cannot be written.`, () => writeFileAtomic(path, text));
  }

  private async readJson(name: string): Promise<unknown> {
    const path = join(this.path, name);
    try {
      return JSON.parse(await readFile(path, 'utf8')) as unknown;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new DoppioError('RUN_READ', {
        what: `${name} cannot be read.`,
        where: path,
        seen: (error as Error).message,
        fix: 'Restore the file from a copy, or start a new run in another folder with --out.',
        cause: error,
      });
    }
  }
}

/** Removes what killed writers left, and names the rest but the lock. Call with the lock held. */
async function removeLeftovers(path: string): Promise<string[]> {
  const names = (await readdir(path)).filter((name) => name !== LOCK_FILE);
  const isLeftover = (name: string): boolean => TEMPORARY_FILE.test(name) || name.startsWith(`${LOCK_FILE}.`);
  // Another process may be looking at the lock through a file of its own at this moment: those stay.
  const leftovers = names.filter((name) => TEMPORARY_FILE.test(name));
  await Promise.all(leftovers.map((name) => rm(join(path, name), { force: true })));
  return names.filter((name) => !isLeftover(name));
}

async function attempt<T>(where: string, what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (DoppioError.is(error)) throw error;
    throw new DoppioError('RUN_WRITE', { what, where, ...explainFileError(error) });
  }
}

function exists(path: string, names: readonly string[]): DoppioError {
  return new DoppioError('RUN_EXISTS', {
    what: 'The run folder is not empty.',
    where: path,
    seen: `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`,
    fix: 'Go on with that run with --resume, or choose another folder with --out.',
  });
}
