/**
 * Rows of different lengths in one flat array: row `i` is `data[offsets[i] .. offsets[i + 1]]`.
 * Used for whatever has one value per completion token.
 */
export interface Ragged<A extends Float32Array | Int32Array = Float32Array> {
  /** [token], the rows one after the other. */
  readonly data: A;
  /** [row + 1], ascending, starts with 0. */
  readonly offsets: Int32Array;
}

/** Why a completion ended: a stop token, a stop string, or its maximum length (then it is truncated). */
export type FinishReason = 'stop' | 'stop_string' | 'length';

/** One sampled answer to a prompt. */
export interface Completion {
  /** [token], the stop token included when there was one. */
  readonly ids: Int32Array;
  /** [token], natural-log probability at temperature 1 and without filters: what the policy computes. */
  readonly logProbs: Float32Array;
  /** [token], natural-log probability under the distribution that was sampled from (temperature, filters). */
  readonly samplingLogProbs: Float32Array;
  readonly finishReason: FinishReason;
}

/** A prompt and its completions, as tokens: what the policy is trained on. */
export interface TokenGroup {
  /** [token] */
  readonly promptIds: Int32Array;
  /** [completion][token] */
  readonly completions: readonly Int32Array[];
}
