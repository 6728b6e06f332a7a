import { createToken } from './token.js';
import type { DatasetCursor } from './dataset.js';

/** Everything that a run needs to go on as if it had never stopped. */
export interface CheckpointState {
  /** Optimizer steps finished. */
  readonly step: number;
  readonly cursor: DatasetCursor;
  /** Named f32 tensors: `parameter/<name>` and `optimizer/<name>`. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
  /** Counters and totals, JSON. */
  readonly progress: Readonly<Record<string, unknown>>;
}

/** Atomic, verifiable run state. */
export interface CheckpointStore {
  readonly id: string;
  /**
   * Resolves with where it is, for people, when the checkpoint is on disk whole. An aborted one leaves nothing behind.
   * @throws DoppioError CHECKPOINT_WRITE; earlier ones stay intact
   */
  readonly save: (state: CheckpointState, signal?: AbortSignal) => Promise<string>;
  /** The newest intact checkpoint; damaged ones are named in `skipped`. */
  readonly latest: (signal?: AbortSignal) => Promise<{
    readonly state: CheckpointState | undefined;
    readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  }>;
}
export const CheckpointStore = createToken<CheckpointStore>('CheckpointStore');
