import type { FileHandle } from 'node:fs/promises';
import { DoppioError } from '@doppio/core';
import { writeFileAtomically } from '../files/atomic-write.js';
import { encodeFloats } from './convert.js';
import { dtypeBytes, dtypeRank, type FloatDtype } from './dtype.js';

/** A tensor to store. */
export interface TensorToWrite {
  readonly shape: readonly number[];
  /** Row-major; a function is called when its turn comes, so that one tensor at a time needs memory. */
  readonly data: Float32Array | (() => Float32Array | Promise<Float32Array>);
  /** Default F32. */
  readonly dtype?: FloatDtype;
}

export interface WriteSafetensorsOptions {
  /** Kept in `__metadata__`; by default `{ format: 'pt' }`, which Transformers and PEFT look for. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Elements encoded at a time. */
const CHUNK_ELEMENTS = 2 ** 20;

/**
 * Writes a safetensors file, whole or not at all, in the reference writer's layout: tensors by type (wider
 * ones first), then by name; the header padded with spaces to a multiple of 8 bytes.
 * @throws DoppioError SAFETENSORS_INVALID for tensors that cannot be stored, FILE_WRITE when writing fails
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  options: WriteSafetensorsOptions = {},
): Promise<void> {
  await writeFileAtomically(path, safetensorsContent(tensors, options));
}

/** What {@link writeSafetensors} writes, for files that are written together with others. */
export function safetensorsContent(
  tensors: ReadonlyMap<string, TensorToWrite>,
  { metadata = { format: 'pt' } }: WriteSafetensorsOptions = {},
): (handle: FileHandle) => Promise<void> {
  const sorted = [...tensors]
    .map(([name, tensor]) => ({ name, tensor, dtype: tensor.dtype ?? 'F32', key: Buffer.from(name) }))
    .sort((a, b) => dtypeRank(b.dtype) - dtypeRank(a.dtype) || Buffer.compare(a.key, b.key));
  const fields: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const entries = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
    fields.push(`"__metadata__":{${entries.join(',')}}`);
  }
  let offset = 0;
  for (const { name, tensor, dtype } of sorted) {
    if (name === '__metadata__' || name === '__proto__')
      throw refused(name, 'a tensor may not have this name');
    const end = offset + elements(tensor.shape) * dtypeBytes[dtype];
    const shape = tensor.shape.join(',');
    const range = `${String(offset)},${String(end)}`;
    fields.push(`${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${range}]}`);
    offset = end;
  }
  const json = Buffer.from(`{${fields.join(',')}}`);
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8));
  json.copy(header, 8);
  return async (handle) => {
    await handle.writeFile(header);
    for (const { name, tensor, dtype } of sorted) {
      const data = typeof tensor.data === 'function' ? await tensor.data() : tensor.data;
      if (data.length !== elements(tensor.shape)) {
        const seen = `shape [${tensor.shape.join(', ')}], ${String(data.length)} values`;
        throw refused(name, 'the number of values does not fit the shape', seen);
      }
      for (let first = 0; first < data.length; first += CHUNK_ELEMENTS) {
        const part = data.subarray(first, first + CHUNK_ELEMENTS);
        const bytes = encodeFloats(dtype, part);
        if (dtype === 'F16') checkOverflow(name, part, bytes);
        await handle.writeFile(bytes);
      }
    }
  };
}

/** A finite value must not silently turn into infinity. */
function checkOverflow(name: string, data: Float32Array, bytes: Uint8Array): void {
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i] as number;
    const infinite = ((bytes[2 * i + 1] as number) & 0x7f) === 0x7c && bytes[2 * i] === 0;
    if (infinite && Number.isFinite(value))
      throw refused(name, 'a value is too large for F16', String(value));
  }
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function refused(tensor: string, what: string, seen?: string): DoppioError {
  return new DoppioError('SAFETENSORS_INVALID', {
    what,
    where: `tensor ${JSON.stringify(tensor)}, while writing`,
    ...(seen === undefined ? {} : { seen }),
    fix: 'correct what is written, or store it in another type',
  });
}
