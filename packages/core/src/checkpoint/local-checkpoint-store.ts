import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CheckpointState, CheckpointStore } from '../contracts/checkpoint.js';
import { DoppioError } from '../errors/doppio-error.js';
import { syncDirectory } from '../run/atomic-file.js';
import { makeDirectory } from '../run/make-directory.js';
import { explainFileError } from '../run/write-failure.js';
import { writeCheckpointFiles } from './checkpoint-files.js';
import { readCheckpointFiles } from './read-checkpoint.js';
import { elementCount } from './safetensors.js';
import { recoverTemporaryFolders, stepFolder, stepOf, temporaryFolder } from './temporary-folders.js';

export interface LocalCheckpointStoreOptions {
  /** Checkpoints kept, the newest ones. Default 3. */
  readonly keep?: number;
}

/**
 * Checkpoints in `checkpoints/step-000010/` of a run folder: `tensors.safetensors`, `state.json`, and `manifest.json`
 * with the size and SHA-256 of both. A checkpoint is written beside its place, flushed to the disk and renamed, so
 * that neither a kill nor a power cut leaves half of one. One process at a time may write (RunDirectory's lock);
 * others may read.
 */
export class LocalCheckpointStore implements CheckpointStore {
  readonly id = 'local';
  private readonly run: string;
  private readonly directory: string;
  private readonly keep: number;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param runDirectory - the run's folder; made by the first `save` if need be
   * @throws DoppioError CHECKPOINT_OPTIONS
   */
  constructor(runDirectory: string, { keep = 3 }: LocalCheckpointStoreOptions = {}) {
    if (!Number.isInteger(keep) || keep < 1)
      throw new DoppioError('CHECKPOINT_OPTIONS', {
        what: 'The number of checkpoints to keep must be a whole number from 1 on.',
        where: 'checkpoint store "local", option keep',
        seen: String(keep),
        fix: 'Set keep to 1 or more; the default is 3.',
      });
    this.run = resolve(runDirectory);
    this.directory = join(this.run, 'checkpoints');
    this.keep = keep;
  }

  /**
   * Saves, then deletes the oldest checkpoints over `keep`. A checkpoint of the same step is replaced. The tensors must
   * not change until the promise settles.
   * @throws DoppioError CHECKPOINT_WRITE; earlier checkpoints stay intact. The signal's reason where it is aborted
   */
  readonly save: CheckpointStore['save'] = (state, signal) => {
    const saved = this.last.then(() => this.saveNow(state, signal));
    this.last = saved.catch(() => undefined);
    return saved;
  };

  /** Where the checkpoint of a step is, or will be. */
  readonly pathOf = (step: number): string => join(this.directory, stepFolder(step));

  readonly latest: CheckpointStore['latest'] = async (signal) => {
    await this.last;
    signal?.throwIfAborted();
    const skipped: { path: string; reason: string }[] = [];
    if (!existsSync(this.directory)) return { state: undefined, skipped };
    // On a read-only disk what is there can still be read.
    await recoverTemporaryFolders(this.directory).catch(() => undefined);
    for (const step of (await this.steps()).reverse()) {
      const path = this.pathOf(step);
      try {
        return { state: await readCheckpointFiles(path, step, signal), skipped };
      } catch (error) {
        signal?.throwIfAborted();
        skipped.push({ path, reason: (error as Error).message });
      }
    }
    return { state: undefined, skipped };
  };

  private async saveNow(state: CheckpointState, signal?: AbortSignal): Promise<string> {
    checkState(state);
    signal?.throwIfAborted();
    const path = this.pathOf(state.step);
    const fresh = join(this.directory, temporaryFolder(state.step, 'new'));
    const old = join(this.directory, temporaryFolder(state.step, 'old'));
    try {
      if (!existsSync(this.directory)) {
        await makeDirectory(this.directory);
        await syncDirectory(this.run);
      }
      await recoverTemporaryFolders(this.directory);
      await mkdir(fresh);
      await writeCheckpointFiles(fresh, state, signal);
      // A folder that is not empty cannot be renamed over. A kill in between is mended by recoverTemporaryFolders.
      if (existsSync(path)) await rename(path, old);
      await rename(fresh, path);
      await syncDirectory(this.directory);
    } catch (error) {
      await this.undo(path, fresh, old);
      signal?.throwIfAborted();
      throw new DoppioError('CHECKPOINT_WRITE', {
        what: `The checkpoint of step ${state.step} cannot be written; earlier ones are intact.`,
        where: path,
        ...explainFileError(error),
      });
    }
    await rm(old, { recursive: true, force: true }).catch(() => undefined);
    // The checkpoint is safe; what cannot be deleted now is tried again at the next one.
    await this.prune(state.step).catch(() => undefined);
    return path;
  }

  private async undo(path: string, fresh: string, old: string): Promise<void> {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    if (existsSync(old) && !existsSync(path)) await rename(old, path).catch(() => undefined);
  }

  /**
   * Keeps the newest `keep` up to the step just saved. Newer ones are of an attempt that this run went back behind,
   * because they were damaged: those are deleted. Should one of them be intact, it stays.
   */
  private async prune(saved: number): Promise<void> {
    const steps = await this.steps();
    const upToSaved = steps.filter((step) => step <= saved);
    for (const step of upToSaved.slice(0, -this.keep)) await this.drop(step);
    for (const step of steps.filter((other) => other > saved)) {
      await readCheckpointFiles(this.pathOf(step), step).catch(() => this.drop(step));
    }
  }

  /** Deletes a checkpoint. The rename first, so that a kill leaves no half-deleted checkpoint under its name. */
  private async drop(step: number): Promise<void> {
    const aside = join(this.directory, temporaryFolder(step, 'drop'));
    await rename(this.pathOf(step), aside);
    await rm(aside, { recursive: true, force: true });
  }

  /** Steps with a checkpoint folder, ascending. */
  private async steps(): Promise<number[]> {
    const steps = (await readdir(this.directory)).map(stepOf).filter((step) => step !== undefined);
    return steps.sort((a, b) => a - b);
  }
}

function checkState({ step, tensors }: CheckpointState): void {
  const problem = !Number.isSafeInteger(step) || step < 0 ? `step ${step}` : tensorProblem(tensors);
  if (problem === undefined) return;
  throw new DoppioError('CHECKPOINT_STATE', {
    what: 'This state cannot be saved as a checkpoint.',
    where: 'CheckpointStore.save',
    seen: problem,
    fix: 'A step is a whole number from 0 on; the data of a tensor has as many values as its shape says.',
  });
}

function tensorProblem(tensors: CheckpointState['tensors']): string | undefined {
  if (tensors.has('__metadata__')) return 'a tensor named __metadata__, which the file format reserves';
  for (const [name, { shape, data }] of tensors) {
    if (elementCount(shape) !== data.length)
      return `tensor "${name}" of shape [${shape.join(', ')}] with ${data.length} values`;
  }
  return undefined;
}
