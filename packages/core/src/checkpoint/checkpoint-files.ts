import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CheckpointState } from '../contracts/checkpoint.js';
import { syncDirectory } from '../run/atomic-file.js';
import { parseExact, stringifyExact } from './exact-json.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/** Version of the layout of a checkpoint folder. */
const FORMAT = 1;
const TENSORS = 'tensors.safetensors';
const STATE = 'state.json';
const MANIFEST = 'manifest.json';

interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

/** `manifest.json`: written last, so that a folder with one was written whole. */
interface Manifest {
  readonly format: number;
  readonly step: number;
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** Writes a checkpoint's files into an empty folder and flushes them to the disk. @throws the system's error */
export async function writeCheckpointFiles(folder: string, state: CheckpointState): Promise<void> {
  const { step, cursor, progress, tensors } = state;
  const text = `${stringifyExact({ format: FORMAT, step, cursor, progress })}\n`;
  const manifest: Manifest = {
    format: FORMAT,
    step,
    files: {
      [TENSORS]: await writeFlushed(join(folder, TENSORS), encodeSafetensors(tensors)),
      [STATE]: await writeFlushed(join(folder, STATE), [Buffer.from(text)]),
    },
  };
  await writeFlushed(join(folder, MANIFEST), [Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`)]);
  await syncDirectory(folder);
}

async function writeFlushed(path: string, pieces: readonly Uint8Array[]): Promise<FileRecord> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) {
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

/**
 * Reads a checkpoint folder, checking every byte against the manifest.
 *
 * @param step - that the folder's name says
 * @throws Error whose message is what is wrong with it
 */
export async function readCheckpointFiles(folder: string, step: number): Promise<CheckpointState> {
  const manifest = parseManifest(await readPart(join(folder, MANIFEST)));
  const [tensors, text] = await Promise.all(
    [TENSORS, STATE].map(async (name) => {
      const bytes = await readPart(join(folder, name));
      checkRecord(name, bytes, manifest.files[name]);
      return bytes;
    }),
  );
  const state = parseExact(Buffer.from(text as Uint8Array).toString('utf8')) as Omit<
    CheckpointState,
    'tensors'
  >;
  if (manifest.step !== step || state.step !== step)
    throw new Error(`the folder is named for step ${step}, but holds step ${state.step}`);
  const { cursor, progress } = state;
  return { step, cursor, progress, tensors: decodeSafetensors(tensors as Uint8Array) };
}

async function readPart(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? `${basename(path)} is missing` : message, { cause: error });
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

function checkRecord(name: string, bytes: Uint8Array, record: FileRecord | undefined): void {
  if (record === undefined) throw new Error(`${MANIFEST} does not name ${name}`);
  if (bytes.length !== record.bytes)
    throw new Error(`${name} has ${bytes.length} bytes, the manifest says ${record.bytes}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== record.sha256)
    throw new Error(`the SHA-256 of ${name} is ${sha256}, the manifest says ${record.sha256}`);
}
