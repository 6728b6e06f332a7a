import { roundTo, type FloatDtype } from '@doppio/models';

/**
 * What storing a merged model costs in accuracy: stored value minus exact sum, over the merged weights. In BF16 a small
 * update can round away altogether: that is `unchanged`.
 */
export interface MergeDrift {
  readonly dtype: FloatDtype;
  /** Elements of merged weights. */
  readonly weights: number;
  readonly maxAbs: number;
  readonly meanAbs: number;
  /** Name of the weight with the largest error; undefined when nothing was rounded. */
  readonly worst: string | undefined;
  /** Elements that the adapter moves, but whose stored value is that of the base model. */
  readonly unchanged: number;
  /** Largest error of an element that the adapter leaves alone: 0 where `dtype` holds the base model as it is. */
  readonly otherMaxAbs: number;
}

/** Adds {@link MergeDrift} up, weight by weight. */
export class MergeDriftMeter {
  readonly #dtype: FloatDtype;
  #count = 0;
  #sum = 0;
  #max = 0;
  #worst: string | undefined;
  #unchanged = 0;
  #otherMax = 0;

  constructor(dtype: FloatDtype) {
    this.#dtype = dtype;
  }

  /** @param exact what the weight is to become; undefined where it stays as it is */
  add(name: string, base: Float32Array, exact: ArrayLike<number> | undefined): void {
    for (let i = 0; i < base.length; i += 1) {
      const before = base[i] as number;
      const value = exact === undefined ? before : (exact[i] as number);
      const stored = roundTo(this.#dtype, Math.fround(value));
      const error = Math.abs(stored - value);
      if (exact === undefined) {
        this.#otherMax = Math.max(this.#otherMax, error);
        continue;
      }
      this.#sum += error;
      if (value !== before && stored === roundTo(this.#dtype, before)) this.#unchanged += 1;
      if (error > this.#max) {
        this.#max = error;
        this.#worst = name;
      }
    }
    if (exact !== undefined) this.#count += base.length;
  }

  drift(): MergeDrift {
    return {
      dtype: this.#dtype,
      weights: this.#count,
      maxAbs: this.#max,
      meanAbs: this.#count === 0 ? 0 : this.#sum / this.#count,
      worst: this.#worst,
      unchanged: this.#unchanged,
      otherMaxAbs: this.#otherMax,
    };
  }
}
