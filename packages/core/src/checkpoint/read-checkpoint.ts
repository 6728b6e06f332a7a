import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CheckpointState } from '../contracts/checkpoint.js';
import { FORMAT, MANIFEST, STATE, TENSORS, type FileRecord, type Manifest } from './checkpoint-files.js';
import { parseExact } from './exact-json.js';
import { readSafetensors } from './safetensors.js';

/**
 * Reads a checkpoint folder, checking every byte against the manifest.
 *
 * @param step - that the folder's name says
 * @throws Error whose message is what is wrong with it
 */
export async function readCheckpointFiles(
  folder: string,
  step: number,
  signal?: AbortSignal,
): Promise<CheckpointState> {
  const manifest = parseManifest(await naming(MANIFEST, readFile(join(folder, MANIFEST))));
  for (const name of [TENSORS, STATE])
    await naming(name, checkFile(join(folder, name), manifest.files[name], signal));
  const text = await naming(STATE, readFile(join(folder, STATE), 'utf8'));
  const state = checkState(parseExact(text));
  if (manifest.step !== step || state.step !== step)
    throw new Error(`the folder is named for step ${step}, but holds step ${state.step}`);
  const file = await open(join(folder, TENSORS), 'r');
  try {
    const { cursor, progress } = state;
    return { step, cursor, progress, tensors: await readSafetensors(file, signal) };
  } finally {
    await file.close();
  }
}

/** Says of a file that is missing which one it is. */
async function naming<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${name} is missing`, { cause: error });
  }
}

function parseManifest(bytes: Uint8Array): Manifest {
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Manifest> | null;
  } catch (error) {
    throw new Error(`${MANIFEST} is not JSON`, { cause: error });
  }
  if (manifest?.format !== FORMAT)
    throw new Error(`${MANIFEST} has format ${String(manifest?.format)}; this version reads ${FORMAT}`);
  if (typeof manifest.files !== 'object' || manifest.files === null)
    throw new Error(`${MANIFEST} names no files`);
  return manifest as Manifest;
}

async function checkFile(
  path: string,
  record: FileRecord | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = basename(path);
  if (record === undefined) throw new Error(`${MANIFEST} does not name ${name}`);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size !== record.bytes)
      throw new Error(`${name} has ${size} bytes, the manifest says ${record.bytes}`);
    const hash = createHash('sha256');
    for await (const piece of file.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 })) {
      signal?.throwIfAborted();
      hash.update(piece as Buffer);
    }
    const sha256 = hash.digest('hex');
    if (sha256 !== record.sha256)
      throw new Error(`the SHA-256 of ${name} is ${sha256}, the manifest says ${record.sha256}`);
  } finally {
    await file.close();
  }
}

/** The checksum says that the bytes are those written; whether they were written by this program it cannot say. */
function checkState(value: unknown): Omit<CheckpointState, 'tensors'> {
  const { cursor, progress } = (value ?? {}) as Partial<CheckpointState>;
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && (count as number) >= 0;
  if (!isCount(cursor?.epoch) || !isCount(cursor?.row)) throw new Error(`${STATE} holds no cursor`);
  if (typeof progress !== 'object' || progress === null) throw new Error(`${STATE} holds no progress`);
  return value as Omit<CheckpointState, 'tensors'>;
}
