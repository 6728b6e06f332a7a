import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointState } from '../contracts/checkpoint.js';
import { syncDirectory } from '../run/atomic-file.js';
import { stringifyExact } from './exact-json.js';
import { encodeSafetensors } from './safetensors.js';

/** Version of the layout of a checkpoint folder. */
export const FORMAT = 1;
export const TENSORS = 'tensors.safetensors';
export const STATE = 'state.json';
export const MANIFEST = 'manifest.json';

export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

/** `manifest.json`: written last, so that a folder with one was written whole. */
export interface Manifest {
  readonly format: number;
  readonly step: number;
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** Writes a checkpoint's files into an empty folder and flushes them to the disk. @throws the system's error */
export async function writeCheckpointFiles(
  folder: string,
  state: CheckpointState,
  signal?: AbortSignal,
): Promise<void> {
  const { step, cursor, progress, tensors } = state;
  const text = `${stringifyExact({ format: FORMAT, step, cursor, progress })}\n`;
  const manifest: Manifest = {
    format: FORMAT,
    step,
    files: {
      [TENSORS]: await writeFlushed(join(folder, TENSORS), encodeSafetensors(tensors), signal),
      [STATE]: await writeFlushed(join(folder, STATE), [Buffer.from(text)], signal),
    },
  };
  const lines = `${JSON.stringify(manifest, undefined, 2)}\n`;
  await writeFlushed(join(folder, MANIFEST), [Buffer.from(lines)], signal);
  await syncDirectory(folder);
}

async function writeFlushed(
  path: string,
  pieces: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<FileRecord> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) {
      signal?.throwIfAborted();
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
