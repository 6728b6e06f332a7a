import type { Session, SessionOptions } from './session.js';
import type { HostTensor, TensorRef } from './tensor.js';

export interface SessionStatistics {
  /** Failed ones included. */
  readonly runs: number;
  readonly failedRuns: number;
  /** Inside session.run of the runs that succeeded; its copying of outputs counts. */
  readonly seconds: number;
  /** Spent on making the session. */
  readonly loadSeconds: number;
}

export interface RuntimeStatistics {
  /** By session name, disposed sessions included; sessions of one name are added up. */
  readonly sessions: Readonly<Record<string, SessionStatistics>>;
  readonly runs: number;
  /** Seconds inside session.run of all sessions. */
  readonly seconds: number;
  /** Tensors in the worker that were not disposed. */
  readonly liveRefs: number;
  /** Their bytes, and the most there ever were. */
  readonly liveBytes: number;
  readonly peakBytes: number;
  /** Resident set of the whole process, bytes. */
  readonly residentBytes: number;
}

export interface UploadOptions {
  /** Move the array (it and its buffer are detached) instead of copying it. Default false. */
  readonly transfer?: boolean;
}

export interface ReadOptions {
  /** Move the tensor out of the worker and dispose the ref: saves a copy. Default false. */
  readonly dispose?: boolean;
}

/**
 * A worker thread with ONNX Runtime in it. Calls are executed in the order in which they were made.
 * An idle host does not keep the process alive. A native crash takes the whole process with it.
 */
export interface RuntimeHost extends AsyncDisposable {
  readonly name: string;
  /** Default of {@link SessionOptions.threads}. */
  readonly threads: number;
  /** Aborted when the worker dies; its reason is the DoppioError RUNTIME_WORKER_DIED. */
  readonly signal: AbortSignal;
  /** @throws DoppioError RUNTIME_SESSION_REFUSED with ONNX Runtime's message */
  createSession(model: Uint8Array, options: SessionOptions): Promise<Session>;
  /**
   * Moves or copies an array into the worker.
   * @throws DoppioError RUNTIME_TENSOR_INVALID when dtype, shape and data disagree, or the array cannot be moved
   */
  upload(tensor: HostTensor, options?: UploadOptions): TensorRef;
  /** @throws DoppioError RUNTIME_REF_DISPOSED, or the error of the run that should have made it */
  read(ref: TensorRef, options?: ReadOptions): Promise<HostTensor>;
  statistics(): Promise<RuntimeStatistics>;
  /** Ends the worker after pending work. Later calls reject with RUNTIME_DISPOSED. May be called again. */
  dispose(): Promise<void>;
}

export interface RuntimeHostOptions {
  /** Default of the sessions' threads. Default: the physical cores this process may use. */
  readonly threads?: number;
  /** Names the worker in errors. Default `runtime`. */
  readonly name?: string;
}
