import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoppioError } from '../errors/doppio-error.js';
import { isProcessAlive, processStart } from './process-identity.js';

/** Name of the lock in a run folder. */
export const LOCK_FILE = 'run.lock';

/** Content of a lock: who holds it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Of the process, where the system says it. */
  readonly start?: string;
  readonly since: string;
  /** Of this taking of the lock. */
  readonly token: string;
}

/** Process id of a holder whose lock cannot be read. */
const UNREADABLE = -1;

/** Milliseconds within which two processes that start at the same time are done with each other's files. */
const SETTLE_MS = 25;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/** A lock that is held. */
export interface RunLock {
  /** Gives it back; further calls do nothing. */
  readonly release: () => Promise<void>;
}

/**
 * Locks a folder against a second process. The lock is a file with the holder's process id and not a lease that
 * expires, so that it can be had at once after the holder was killed, and is never lost by a process that was merely
 * stopped for a while.
 *
 * @throws DoppioError RUN_LOCKED naming the process that holds it
 */
export async function acquireRunLock(directory: string): Promise<RunLock> {
  const path = join(directory, LOCK_FILE);
  const token = randomUUID();
  const start = processStart(process.pid);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    ...(start === undefined ? {} : { start }),
    since: new Date().toISOString(),
    token,
  };
  let contested = false;
  for (;;) {
    const outcome = await create(path, `${JSON.stringify(holder)}\n`, token);
    contested ||= outcome !== 'linked';
    if (outcome !== 'exists') break;
    const found = await readHolder(path);
    if (found === undefined) continue;
    if (isAlive(found)) throw locked(path, found);
    // One that cannot be read may be just being written.
    if (found.pid === UNREADABLE) await sleep(SETTLE_MS);
    await removeDead(path, found);
  }
  if (contested) {
    // Another process that saw the same dead holder may just have moved our lock away: see removeDead.
    await sleep(2 * SETTLE_MS);
    const now = await readHolder(path);
    if (now?.token !== token) throw locked(path, now);
  }
  held.add(token);
  return {
    release: async () => {
      if (!held.delete(token)) return;
      if ((await readHolder(path))?.token === token) await rm(path, { force: true });
    },
  };
}

/** Creates the lock, where it can be with its content in one step (`linked`). */
async function create(
  path: string,
  content: string,
  token: string,
): Promise<'exists' | 'linked' | 'written'> {
  const temporary = `${path}.${token}`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    try {
      await link(temporary, path);
      return 'linked';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A file system without hard links.
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) throw error;
      await writeFile(path, content, { flag: 'wx' });
    }
    return 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The holder named in the lock, undefined without a lock. One that cannot be read counts as dead. */
async function readHolder(path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const dead = { pid: UNREADABLE, host: hostname(), since: 'unknown', token: text };
  try {
    const parsed = JSON.parse(text) as Partial<Holder> | null;
    return typeof parsed?.pid === 'number' && parsed.pid > 0 && typeof parsed.token === 'string'
      ? { ...dead, ...parsed }
      : dead;
  } catch {
    return dead;
  }
}

function isAlive({ pid, host, start, token }: Holder): boolean {
  if (pid === UNREADABLE) return false;
  // Whether another host's process is running cannot be known from here.
  if (host !== hostname()) return true;
  if (pid === process.pid && start === undefined) return held.has(token);
  return isProcessAlive(pid, start);
}

/** Moves a dead holder's lock away. Of several processes that try, only one gets each file. */
async function removeDead(path: string, dead: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  // Somebody else was faster, and this is already the next holder's lock: put it back.
  if (moved?.token !== dead.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function locked(path: string, holder: Holder | undefined): DoppioError {
  const here = holder === undefined || holder.host === hostname();
  const who = `process ${holder?.pid ?? 'unknown'}${here ? '' : ` on host ${holder.host}`}`;
  return new DoppioError('RUN_LOCKED', {
    what: 'Another process is using this run folder.',
    where: path,
    seen: `${who}, since ${holder?.since ?? 'just now'}`,
    fix: here
      ? `Wait for it, stop it (kill ${holder?.pid ?? '<pid>'}), or choose another folder with --out.`
      : `If that process is no longer running there, delete ${path}; else choose another folder with --out.`,
  });
}
