import type { HostTensor, TensorRef } from './tensor.js';

/** How a session is made. Everything but the name has a default. */
export interface SessionOptions {
  /** Names the session in errors, statistics and profiles. */
  readonly name: string;
  /** Threads inside an operator, the worker's own included. Default: the host's. */
  readonly threads?: number;
  /** Graph optimisation level. Default `all`. */
  readonly optimization?: 'all' | 'basic' | 'disabled';
  /**
   * Plans one allocation for all of a run whose input shapes were seen before. Default false: batches differ in
   * shape, and each plan that is kept costs memory (a fifth of the GRPO benchmark's) and wins no time.
   */
  readonly memoryPattern?: boolean;
  /** Keeps freed memory for the next run: faster, but it never shrinks before the session ends. Default true. */
  readonly arena?: boolean;
  /** Path prefix of a JSON profile, written when the session is disposed. Default none. */
  readonly profile?: string;
  /** Execution provider; what it does not support runs on the CPU. Default `cpu`. See {@link describeRuntime}. */
  readonly provider?: string;
  /** Files named by the model's external tensors, given as bytes. Needed beyond 2 GB, protobuf's limit. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Moves model and external data (arrays that fill their buffer are detached) instead of copying. Default false. */
  readonly transfer?: boolean;
  /**
   * ONNX Runtime's configuration entries, nested or dotted, values are strings:
   * `{ session: { intra_op: { allow_spinning: '0' } } }`, or
   * `{ optimization: { disable_specified_optimizers: 'CommonSubexpressionElimination' } }`.
   * Unknown keys are ignored by ONNX Runtime. Default `session.force_spinning_stop = '1'`: threads of a session
   * that is not running must not spin, or they take the cores from the one that is.
   */
  readonly extra?: Record<string, unknown>;
}

/** An input or output of a session, as the model declares it. */
export interface ValueInfo {
  readonly name: string;
  /** A DType, or a type of ONNX that tensors of this package cannot have (`float16`, `string`, ...). */
  readonly dtype: string;
  /** A number is a fixed extent, a string a symbolic one ('' if unnamed). */
  readonly shape: readonly (number | string)[];
}

export interface RunOutputs<K extends string, R extends string> {
  /** Outputs that stay in the worker. */
  readonly keep?: readonly K[];
  /** Outputs that come back. One that is kept too is copied, otherwise it is moved. */
  readonly read?: readonly R[];
}

export interface RunResult<K extends string, R extends string> {
  readonly kept: Record<K, TensorRef>;
  /**
   * Resolves when the run is done. May be ignored: then a failure shows at the next use of a kept tensor.
   * @throws DoppioError RUNTIME_RUN_FAILED (also where an input came from a failed run: that run's error),
   * RUNTIME_FEED_INVALID, RUNTIME_DISPOSED, RUNTIME_WORKER_DIED
   */
  readonly read: Promise<Record<R, HostTensor>>;
}

/** A model loaded in the worker. */
export interface Session extends AsyncDisposable {
  readonly name: string;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /**
   * Queues a run; calls are executed in order, so kept refs may be fed to the next run without awaiting.
   * Host tensors are copied at once, so that the caller may go on writing to them.
   * A run cannot be interrupted, since ONNX Runtime holds its thread until it is done: what takes an AbortSignal looks
   * at it between runs.
   * What can be known at once is thrown at once:
   * @throws DoppioError RUNTIME_FEED_INVALID: a missing, unknown or disposed input, or one of wrong dtype or shape;
   * RUNTIME_OUTPUT_INVALID: an unknown output, one that cannot be read, or none asked for
   */
  run<K extends string = never, R extends string = never>(
    feeds: Readonly<Record<string, TensorRef | HostTensor>>,
    outputs: RunOutputs<K, R>,
  ): RunResult<K, R>;
  /** Frees the session after the runs queued so far. May be called again. */
  dispose(): Promise<void>;
}

/** What is wrong with feeding `tensor` to `input`, or undefined. Equal symbolic names are not compared. */
export function feedProblem(
  input: ValueInfo,
  tensor: { readonly dtype: string; readonly shape: readonly number[] },
): string | undefined {
  if (tensor.dtype !== input.dtype) return 'wrong dtype';
  if (tensor.shape.length !== input.shape.length) return 'wrong rank';
  const axis = input.shape.findIndex((extent, i) => typeof extent === 'number' && extent !== tensor.shape[i]);
  return axis === -1 ? undefined : `wrong extent of axis ${String(axis)}`;
}
