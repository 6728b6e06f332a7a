import type { Failure } from './failure.js';
import type { RuntimeStatistics } from './host.js';
import type { SessionOptions, ValueInfo } from './session.js';
import type { HostTensor } from './tensor.js';

/** A fed value: the id of a tensor in the worker, or the tensor itself. */
export type FedValue = number | HostTensor;

/**
 * Requests that are answered, by kind. Ids of sessions and tensors are given out by the caller, so that a run's
 * outputs can be used in the next request before the run is done.
 */
export interface Calls {
  create: {
    request: { session: number; model: Uint8Array; options: SessionOptions };
    reply: { inputs: readonly ValueInfo[]; outputs: readonly ValueInfo[] };
  };
  run: {
    request: {
      session: number;
      feeds: readonly (readonly [input: string, value: FedValue])[];
      keep: readonly (readonly [output: string, tensor: number])[];
      read: readonly string[];
    };
    reply: Record<string, HostTensor>;
  };
  read: { request: { tensor: number; move: boolean }; reply: HostTensor };
  release: { request: { session: number }; reply: undefined };
  statistics: { request: object; reply: RuntimeStatistics };
  backends: { request: object; reply: WorkerBackends };
  close: { request: object; reply: undefined };
}
export type CallKind = keyof Calls;

export type CallRequest = {
  [K in CallKind]: { readonly kind: K; readonly call: number } & Readonly<Calls[K]['request']>;
}[CallKind];

/** Requests without an answer; what goes wrong shows when the tensor is used. */
export type Notice =
  | { readonly kind: 'upload'; readonly tensor: number; readonly value: HostTensor }
  | { readonly kind: 'free'; readonly tensor: number };

export type Request = CallRequest | Notice;

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'value'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly call: number; readonly failure: Failure };

/** ONNX Runtime as the worker found it. */
export interface WorkerBackends {
  readonly version: string;
  /** Folder with its native libraries. */
  readonly folder: string;
  readonly backends: readonly { readonly name: string; readonly bundled: boolean }[];
}

export interface WorkerData {
  /** See {@link NativeGuard}. */
  readonly guard: SharedArrayBuffer;
}
