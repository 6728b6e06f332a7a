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
  const data = [...tensors.values()].map(
    (t) => new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength),
  );
  return [length, padded, ...data];
}

/** Reads what {@link encodeSafetensors} wrote. @throws Error saying in what the bytes are no such file */
export function decodeSafetensors(bytes: Uint8Array): Map<string, CheckpointTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new Error(`${bytes.length} bytes are too few for a safetensors file`);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8)
    throw new Error(`the header's length, ${headerLength}, is beyond the end of the file`);
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + headerLength)).toString('utf8')) as Record<
    string,
    HeaderEntry
  >;
  const data = bytes.subarray(8 + headerLength);
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, decodeTensor(name, entry, data));
  }
  return tensors;
}

function decodeTensor(
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: HeaderEntry,
  data: Uint8Array,
): CheckpointTensor {
  if (dtype !== 'F32') throw new Error(`tensor "${name}" is ${dtype}, not F32`);
  const size = 4 * elementCount(shape);
  if (!(begin >= 0 && end <= data.length && end - begin === size))
    throw new Error(
      `tensor "${name}" of shape [${shape.join(', ')}] has the bytes ${begin} to ${end} of ${data.length}`,
    );
  // A copy: the file's bytes need not begin at a multiple of 4 in memory.
  const copy = new Float32Array(size / 4);
  new Uint8Array(copy.buffer).set(data.subarray(begin, end));
  return { shape, data: copy };
}

/** Product of the axes; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
