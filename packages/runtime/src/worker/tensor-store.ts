import type { Tensor } from 'onnxruntime-node';
import type { Failure } from '../failure.js';
import type { HostData } from '../tensor.js';
import { discard } from './buffers.js';

type Entry = { readonly tensor: Tensor; readonly bytes: number } | { readonly failure: Failure };

/** The worker's tensors by id. A tensor that could not be made is kept as the failure to make it. */
export class TensorStore {
  private readonly entries = new Map<number, Entry>();
  private bytes = 0;
  private peak = 0;

  get liveRefs(): number {
    return this.entries.size;
  }
  get liveBytes(): number {
    return this.bytes;
  }
  get peakBytes(): number {
    return this.peak;
  }

  add(id: number, tensor: Tensor): void {
    const bytes = dataOf(tensor).byteLength;
    this.entries.set(id, { tensor, bytes });
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
  }

  addFailure(id: number, failure: Failure): void {
    this.entries.set(id, { failure });
  }

  has(id: number): boolean {
    return this.entries.has(id);
  }

  get(id: number): Tensor | Failure {
    const entry = this.entries.get(id);
    if (entry === undefined)
      return {
        code: 'RUNTIME_REF_DISPOSED',
        facts: { what: 'a tensor was used after it was disposed', where: `tensor ${String(id)}` },
      };
    return 'failure' in entry ? entry.failure : entry.tensor;
  }

  /** Takes the tensor out without freeing its memory. */
  remove(id: number): Tensor | undefined {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    if (entry === undefined || 'failure' in entry) return undefined;
    this.bytes -= entry.bytes;
    return entry.tensor;
  }

  free(id: number): void {
    const tensor = this.remove(id);
    if (tensor !== undefined) freeTensor(tensor);
  }
}

export function isFailure(value: object): value is Failure {
  return 'code' in value;
}

export function freeTensor(tensor: Tensor): void {
  const data = dataOf(tensor);
  tensor.dispose();
  discard(data);
}

/** All tensors here are made of, or returned as, CPU memory of a numeric type. */
export function dataOf(tensor: Tensor): HostData {
  return tensor.data as HostData;
}
