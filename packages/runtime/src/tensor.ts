/** Element types that cross the worker's boundary. `bool` is one byte an element, 0 or 1. */
export type DType = 'float32' | 'int32' | 'int64' | 'uint8' | 'int8' | 'bool';

export type HostData = Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array;

/** A tensor in this thread's memory, row-major. */
export interface HostTensor {
  readonly dtype: DType;
  /** Extents, outermost axis first; [] is a scalar. */
  readonly shape: readonly number[];
  readonly data: HostData;
}

/** A tensor that lives in the worker. Freed by dispose (or with the host). */
export interface TensorRef extends Disposable {
  readonly id: number;
  /** Frees the tensor once the runs queued so far are done with it. May be called again. */
  dispose(): void;
}

const arrayTypes = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

export function isDType(name: string): name is DType {
  return Object.hasOwn(arrayTypes, name);
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** E.g. `float32 [2, 3]`, as errors show tensors. */
export function showTensor(tensor: {
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
}): string {
  return `${tensor.dtype} [${tensor.shape.join(', ')}]`;
}

/** What is wrong with a tensor as such, or undefined. */
export function tensorProblem(tensor: HostTensor): string | undefined {
  const { shape } = Object(tensor) as { readonly shape?: unknown };
  if (!Array.isArray(shape)) return `it must have dtype, shape and data, and is ${nameOf(tensor)}`;
  if (!isDType(tensor.dtype)) return `unknown dtype ${String(tensor.dtype)}`;
  const arrayType = arrayTypes[tensor.dtype];
  if (!(tensor.data instanceof arrayType))
    return `${tensor.dtype} data must be a ${arrayType.name}, not ${nameOf(tensor.data)}`;
  const bad = tensor.shape.find((extent) => !Number.isSafeInteger(extent) || extent < 0);
  if (bad !== undefined) return `shape [${tensor.shape.join(', ')}] has the extent ${String(bad)}`;
  const count = elementCount(tensor.shape);
  if (count === tensor.data.length) return undefined;
  const detached = tensor.data.length === 0 && isDetached(tensor.data.buffer);
  return detached
    ? 'its array is detached: it was moved to a worker before'
    : `shape [${tensor.shape.join(', ')}] needs ${String(count)} elements, data has ${String(tensor.data.length)}`;
}

/** A detached buffer refuses new views; an empty one does not. */
function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return (value as { constructor?: { name?: string } }).constructor?.name ?? 'object';
}
