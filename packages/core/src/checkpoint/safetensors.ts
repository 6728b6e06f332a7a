import type { FileHandle } from 'node:fs/promises';

/** A dense f32 tensor, row-major. */
export interface CheckpointTensor {
  /** One entry per axis; [] is a scalar. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Bytes read or hashed at once: Node refuses single calls on 2 GiB and more. */
const PIECE = 2 ** 26;

/**
 * The pieces of a safetensors file of f32 tensors, to be written one after the other: 8 bytes header length (little
 * endian), JSON header, data in the order of the map. The data's bytes are those in memory, NaN payloads and -0
 * included. Format: https://huggingface.co/docs/safetensors
 */
export function encodeSafetensors(tensors: ReadonlyMap<string, CheckpointTensor>): Uint8Array[] {
  const header: [string, HeaderEntry][] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header.push([name, { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }]);
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  // The data begins at a multiple of 8, so that readers may map it.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return [length, padded, ...[...tensors.values()].flatMap(({ data }) => pieces(data))];
}

function pieces({ buffer, byteOffset, byteLength }: Float32Array): readonly Uint8Array[] {
  return Array.from(
    { length: Math.ceil(byteLength / PIECE) },
    (_, i) => new Uint8Array(buffer, byteOffset + i * PIECE, Math.min(PIECE, byteLength - i * PIECE)),
  );
}

/**
 * Reads what {@link encodeSafetensors} wrote, each tensor straight into its array: never the file as a whole, which
 * may be larger than memory for it twice, or than Node reads at once.
 *
 * @throws Error saying in what the bytes are no such file
 */
export async function readSafetensors(
  file: FileHandle,
  signal?: AbortSignal,
): Promise<Map<string, CheckpointTensor>> {
  const { size } = await file.stat();
  if (size < 8) throw new Error(`${size} bytes are too few for a safetensors file`);
  const headerLength = Number((await readAt(file, Buffer.alloc(8), 0)).readBigUInt64LE());
  if (headerLength > size - 8)
    throw new Error(`the header's length, ${headerLength}, is beyond the end of the file`);
  const start = 8 + headerLength;
  const header: unknown = JSON.parse((await readAt(file, Buffer.alloc(headerLength), 8)).toString('utf8'));
  if (typeof header !== 'object' || header === null) throw new Error('the header is no JSON object');
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { shape, begin, end } = checkEntry(name, entry, size - start);
    const data = new Float32Array((end - begin) / 4);
    for (const [i, piece] of pieces(data).entries()) {
      signal?.throwIfAborted();
      await readAt(file, piece, start + begin + i * PIECE);
    }
    tensors.set(name, { shape, data });
  }
  return tensors;
}

/** Fills `target` from the file. Its length was checked to be within the file. */
async function readAt<A extends Uint8Array>(file: FileHandle, target: A, position: number): Promise<A> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await file.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    done += bytesRead;
  }
  return target;
}

function checkEntry(
  name: string,
  entry: Partial<HeaderEntry> | null,
  available: number,
): { readonly shape: readonly number[]; readonly begin: number; readonly end: number } {
  const { dtype, shape, data_offsets: offsets } = entry ?? {};
  if (dtype !== 'F32') throw new Error(`tensor "${name}" is ${String(dtype)}, not F32`);
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
    throw new Error(`tensor "${name}" has no shape and place`);
  const [begin, end] = offsets as readonly [number, number];
  if (!(end <= available && end - begin === 4 * elementCount(shape)))
    throw new Error(
      `tensor "${name}" of shape [${shape.join(', ')}] has the bytes ${begin} to ${end} of ${available}`,
    );
  return { shape, begin, end };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Product of the axes; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
