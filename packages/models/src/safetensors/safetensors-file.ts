import { open, stat, type FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { DoppioError } from '@doppio/core';
import { decodeFloats } from './convert.js';
import { dtypeBytes, isFloatDtype } from './dtype.js';
import { MAX_HEADER_BYTES, parseHeader, type SafetensorsHeader, type TensorInfo } from './header.js';
import { invalid } from './invalid.js';

/** Bytes read (and converted) at a time: what reading costs in memory beside the tensor itself. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** A tensor in memory: row-major f32. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An open safetensors file: the header is read and checked, tensors are read one at a time on request. */
export class SafetensorsFile implements AsyncDisposable {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly header: SafetensorsHeader,
  ) {}

  /** @throws DoppioError SAFETENSORS_INVALID naming the file and what is wrong with it */
  static async open(path: string): Promise<SafetensorsFile> {
    let handle: FileHandle;
    try {
      // Before it is opened: to open a pipe waits for somebody to write to it.
      if (!(await stat(path)).isFile()) throw invalid(path, 'not a regular file');
      handle = await open(path, 'r');
    } catch (cause) {
      throw DoppioError.is(cause) ? cause : unreadable(path, cause);
    }
    try {
      return new SafetensorsFile(path, handle, await readHeader(handle, path));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.header.metadata;
  }

  get tensors(): ReadonlyMap<string, TensorInfo> {
    return this.header.tensors;
  }

  /**
   * Reads one tensor as f32; F16, BF16 and F64 are converted.
   * @throws DoppioError SAFETENSORS_INVALID when there is none of that name or it does not hold floats
   */
  async read(name: string): Promise<Tensor> {
    const info = this.tensors.get(name);
    if (info === undefined) throw invalid(this.path, 'there is no such tensor', undefined, name);
    const { dtype, shape, start, bytes } = info;
    if (!isFloatDtype(dtype)) throw invalid(this.path, 'the tensor does not hold floats', dtype, name);
    const data = allocate(bytes / dtypeBytes[dtype], this.path, name);
    if (dtype === 'F32' && endianness() === 'LE') {
      const target = new Uint8Array(data.buffer);
      for (let at = 0; at < bytes; at += CHUNK_BYTES) {
        const part = target.subarray(at, Math.min(bytes, at + CHUNK_BYTES));
        await readFully(this.handle, part, start + at, this.path, name);
      }
      return { shape, data };
    }
    const chunk = new Uint8Array(Math.min(bytes, CHUNK_BYTES));
    for (let at = 0; at < bytes; at += CHUNK_BYTES) {
      const part = chunk.subarray(0, Math.min(chunk.length, bytes - at));
      await readFully(this.handle, part, start + at, this.path, name);
      decodeFloats(dtype, part, data, at / dtypeBytes[dtype]);
    }
    return { shape, data };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Reads a whole file: every tensor as f32, and the metadata. @throws DoppioError SAFETENSORS_INVALID */
export async function readSafetensors(
  path: string,
): Promise<{ readonly metadata: Readonly<Record<string, string>>; readonly tensors: Map<string, Tensor> }> {
  const file = await SafetensorsFile.open(path);
  try {
    const tensors = new Map<string, Tensor>();
    for (const name of file.tensors.keys()) tensors.set(name, await file.read(name));
    return { metadata: file.metadata, tensors };
  } finally {
    await file.close();
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<SafetensorsHeader> {
  const found = await handle.stat();
  if (found.size < 8) throw invalid(path, 'the file is too short', `${String(found.size)} bytes`);
  const prefix = new Uint8Array(8);
  await readFully(handle, prefix, 0, path);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw invalid(path, 'the header is longer than 100 MB', `${String(length)} bytes`);
  }
  const bytes = Number(length);
  if (8 + bytes > found.size) {
    const seen = `a header of ${String(bytes)} bytes in a file of ${String(found.size)}`;
    throw invalid(path, 'the header reaches beyond the end of the file', seen);
  }
  const header = new Uint8Array(bytes);
  await readFully(handle, header, 8, path);
  return parseHeader(header, found.size, path);
}

async function readFully(
  handle: FileHandle,
  target: Uint8Array,
  position: number,
  path: string,
  tensor?: string,
): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle
      .read(target, done, target.length - done, position + done)
      .catch((cause: unknown) => {
        throw unreadable(path, cause);
      });
    if (bytesRead === 0) {
      throw invalid(path, 'the file ended while it was read', `at byte ${String(position + done)}`, tensor);
    }
    done += bytesRead;
  }
}

function allocate(elements: number, path: string, name: string): Float32Array {
  try {
    return new Float32Array(elements);
  } catch (cause) {
    throw new DoppioError('SAFETENSORS_INVALID', {
      what: 'there is no memory for a tensor',
      where: `${path}, tensor ${JSON.stringify(name)}`,
      seen: `${String(elements)} values of 4 bytes`,
      fix: 'use a smaller model, or a machine with more memory',
      cause,
    });
  }
}

function unreadable(path: string, cause: unknown): DoppioError {
  return new DoppioError('SAFETENSORS_INVALID', {
    what: 'a safetensors file cannot be read',
    where: path,
    seen: (cause as NodeJS.ErrnoException).code ?? String(cause),
    fix: 'check the path and its permissions',
    cause,
  });
}
