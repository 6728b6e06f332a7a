import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DoppioError } from '@doppio/core';

/** Writes a file's content through an open handle, or is the content. */
export type FileContent = string | Uint8Array | ((handle: FileHandle) => Promise<void>);

/**
 * Writes a file whole or not at all: into a temporary one beside it, flushed to the disk, then renamed.
 * @throws DoppioError FILE_WRITE; a file of that name from before is then untouched
 */
export async function writeFileAtomically(path: string, content: FileContent): Promise<void> {
  const target = resolve(path);
  const temporary = temporaryName(target);
  try {
    await writeFlushed(temporary, content);
    await rename(temporary, target);
    await flushDirectory(dirname(target));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(target, cause);
  }
}

/**
 * Writes several files of one folder. A folder that does not exist appears with all of them at once; in one
 * that does, every file is complete on the disk before the first takes its final name, and other files stay.
 * @throws DoppioError FILE_WRITE; nothing is left behind unless the machine stops between two renames
 */
export async function writeFilesAtomically(
  directory: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<void> {
  const target = resolve(directory);
  const exists = await isDirectory(target);
  const staging = exists ? target : temporaryName(target);
  const staged: { readonly temporary: string; readonly final: string }[] = [];
  try {
    await mkdir(dirname(target), { recursive: true });
    if (!exists) await mkdir(staging);
    for (const [name, content] of Object.entries(files)) {
      const final = join(staging, name);
      const temporary = exists ? temporaryName(final) : final;
      staged.push({ temporary, final });
      await writeFlushed(temporary, content);
    }
    if (exists) for (const { temporary, final } of staged) await rename(temporary, final);
    await flushDirectory(staging);
    if (!exists) await rename(staging, target);
    await flushDirectory(dirname(target));
  } catch (cause) {
    const leftovers = exists ? staged.map(({ temporary }) => temporary) : [staging];
    for (const path of leftovers) await rm(path, { force: true, recursive: true }).catch(() => undefined);
    throw writeError(target, cause);
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

async function writeFlushed(path: string, content: FileContent): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await (typeof content === 'function' ? content(handle) : handle.writeFile(content));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes renames durable. Not every platform can open a folder, and then there is nothing to do. */
async function flushDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) {
    throw new DoppioError('FILE_WRITE', {
      what: 'a folder cannot be written',
      where: path,
      seen: 'a file of that name',
      fix: 'choose another folder or move the file away',
    });
  }
  return found !== undefined;
}

function writeError(path: string, cause: unknown): DoppioError {
  if (DoppioError.is(cause)) return cause;
  return new DoppioError('FILE_WRITE', {
    what: 'writing failed',
    where: path,
    seen: cause instanceof Error ? cause.message : String(cause),
    fix: 'check free disk space and permissions',
    cause,
  });
}
