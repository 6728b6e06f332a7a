import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive, processStart } from '../run/process-identity.js';
import { readCheckpointFiles } from './read-checkpoint.js';

/**
 * What a temporary folder is for: `new` is being written, `old` is a checkpoint that a new one of the same step is
 * just replacing, `drop` is being deleted.
 */
export type TemporaryUse = 'new' | 'old' | 'drop';

/** Step, use, process id and when that process began (empty where the system does not say), a random part. */
const TEMPORARY = /^\.step-(\d+)\.(new|old|drop)\.(\d+)-(\d*)-[0-9a-f]+$/;

/** `step-000010`; more digits from step 1,000,000 on. */
export function stepFolder(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The step that a checkpoint folder's name says; undefined for names that {@link stepFolder} does not give. */
export function stepOf(name: string): number | undefined {
  const step = Number(/^step-(\d+)$/.exec(name)?.[1]);
  return Number.isSafeInteger(step) && stepFolder(step) === name ? step : undefined;
}

/** A new name for a temporary folder of this process, beside the checkpoints: a rename stays on one file system. */
export function temporaryFolder(step: number, use: TemporaryUse): string {
  const owner = `${process.pid}-${processStart(process.pid) ?? ''}`;
  return `.${stepFolder(step)}.${use}.${owner}-${randomBytes(4).toString('hex')}`;
}

/**
 * Clears away what killed processes left in the folder of checkpoints. A checkpoint that was whole but not yet at its
 * place (killed between the two renames of a replacement) is put there. Folders of living processes are left alone.
 */
export async function recoverTemporaryFolders(directory: string): Promise<void> {
  const found = (await readdir(directory))
    .map((name) => TEMPORARY.exec(name))
    .filter((match) => match !== null)
    // Not by the id alone: in a container the run that goes on has the very id that the killed one had.
    .filter(([, , , pid, start]) => !isProcessAlive(Number(pid), start === '' ? undefined : start))
    .map(([name, step, use]) => ({ name, step: Number(step), use: use as TemporaryUse }))
    // The new one of a step first: it is to be preferred to the old one.
    .sort((a, b) => a.use.localeCompare(b.use));
  for (const { name, step, use } of found) {
    const [path, place] = [join(directory, name), join(directory, stepFolder(step))];
    const wanted = use !== 'drop' && !existsSync(place);
    if (wanted && (await isIntact(path, step))) await rename(path, place);
    else await rm(path, { recursive: true, force: true });
  }
}

async function isIntact(path: string, step: number): Promise<boolean> {
  try {
    await readCheckpointFiles(path, step);
    return true;
  } catch {
    return false;
  }
}
