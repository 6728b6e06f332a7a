import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './atomic-file.js';

/**
 * Makes a folder and those above it that are missing. Unlike Node's own `recursive: true`, it also fails where the
 * system keeps answering that the parent is missing (in /proc, for one): there Node 20 tries for ever.
 *
 * @throws the system's error
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
    // A power cut must not take away the folder of what was flushed inside. Best effort: the parent may be another's.
    await syncDirectory(dirname(path)).catch(() => undefined);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeDirectory(dirname(path));
      await mkdir(path).catch(unlessDirectory(path));
      await syncDirectory(dirname(path)).catch(() => undefined);
    } else await unlessDirectory(path)(error);
  }
}

/** Another process may make the folder at the same time; and some systems answer EROFS or EPERM for one that is there. */
function unlessDirectory(path: string): (error: unknown) => Promise<void> {
  return async (error) => {
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() !== true) throw error;
  };
}
