import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names that {@link writeFileAtomic} uses until a file is whole; one left over is from a killed process. */
export const TEMPORARY_FILE = /^\..*\.[0-9a-f-]{36}\.tmp$/;

/**
 * Writes a file that is there whole or not at all, also after a kill or a power cut: a temporary file beside it,
 * flushed to the disk, then renamed. The file that was there before stays until then.
 *
 * @throws the system's error; nothing is left behind
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Flushes a folder's list of names to the disk, without which a rename may be lost in a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows has no such call: there the file system's journal does it.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some network file systems cannot flush folders.
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    await directory.close();
  }
}
