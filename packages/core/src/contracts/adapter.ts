import { createToken } from './token.js';

/** A named trainable tensor. `data` is updated in place by the optimizer. */
export interface Parameter {
  /** PEFT's name for a LoRA matrix, the checkpoint's own name for a model weight. */
  readonly name: string;
  /** `[out, in]` of a weight, `[rank, in]` and `[out, rank]` of a low-rank update. */
  readonly shape: readonly number[];
  /** Row-major, f32; as many values as `shape` says. */
  readonly data: Float32Array;
}

/** A linear projection of the model, y [token, out] = x [token, in] W^T (+ bias). */
export interface LinearSite {
  /** Checkpoint name without `.weight`, e.g. `model.layers.0.self_attn.q_proj`. */
  readonly path: string;
  /** Last part of the path, e.g. `q_proj`. */
  readonly module: string;
  /** Transformer block, or undefined outside of the blocks (the head). */
  readonly layer: number | undefined;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** What an adapter trains on: the model's linear projections and every weight's shape. */
export interface AdapterTarget {
  /** Where the base model came from, for file formats that name it; unknown where left out. */
  readonly model?: string;
  readonly sites: readonly LinearSite[];
  /** Every weight of the checkpoint, by name, `[out, in]` row-major; data is read only by adapters that train weights. */
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

/** How one projection is adapted: y += scale * dropout(x) A^T B^T, with A [rank, in] and B [out, rank]. */
export interface LowRankUpdate {
  readonly a: Parameter;
  readonly b: Parameter;
  readonly scale: number;
  /** Probability that an input element is dropped in training; 0 switches it off. */
  readonly dropout: number;
}

/** Which matrices are trained and how they enter the model: state, save, load, merge. */
export interface Adapter {
  readonly id: string;
  /** `low-rank`: per-site updates beside frozen weights. `full`: the weights themselves are trained. */
  readonly kind: 'low-rank' | 'full';
  /** Every trainable tensor, in a stable order. */
  readonly parameters: readonly Parameter[];
  /** The update of one projection, or undefined where it is not adapted (always, for `full`). */
  readonly lowRank: (path: string) => LowRankUpdate | undefined;
  /** Writes the adapter's own file format into the folder, whole or not at all. */
  readonly save: (directory: string, signal?: AbortSignal) => Promise<void>;
}

/** Makes an adapter for a model; `seed` decides its initial values. */
export interface AdapterFactory {
  readonly id: string;
  readonly create: (target: AdapterTarget, seed: number) => Adapter;
  /** Reads an adapter that {@link Adapter.save} (or PEFT) wrote. */
  readonly load: (target: AdapterTarget, directory: string, signal?: AbortSignal) => Promise<Adapter>;
}
export const AdapterFactory = createToken<AdapterFactory>('Adapter');
