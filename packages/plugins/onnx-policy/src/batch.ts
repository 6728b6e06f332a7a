import type {
  DerivativeOfScores,
  PolicyMetrics,
  TokenGradients,
  TokenGroup,
  TokenScores,
} from '@doppio/core';
import type { HeadDerivatives } from './head-batch.js';
import type { GroupSlice } from './micro-batch.js';
import type { PackedBatch } from './packing.js';

/** What a pass over a batch gives. */
export interface Pass {
  readonly scores: TokenScores;
  readonly metrics: PolicyMetrics;
}

/** Collects a pass over a batch: scores in the batch's own order, and what was computed and saved. */
export class Batch {
  readonly offsets: Int32Array;
  /** Index of each group's first completion. */
  readonly firstCompletion: readonly number[];
  skipped = 0;
  computedTokens = 0;
  private readonly logProbs: Float32Array;
  private readonly entropies: Float32Array;
  private readonly scored: Uint8Array;
  private forwardTokens = 0;
  private sharedPromptTokens = 0;
  private paddingTokensAvoided = 0;

  constructor(readonly groups: readonly TokenGroup[]) {
    const completions = groups.flatMap((group) => group.completions);
    this.offsets = new Int32Array(completions.length + 1);
    completions.forEach((completion, i) => {
      this.offsets[i + 1] = (this.offsets[i] as number) + completion.length;
    });
    let first = 0;
    this.firstCompletion = groups.map((group) => {
      const at = first;
      first += group.completions.length;
      return at;
    });
    const tokens = this.offsets[completions.length] as number;
    this.logProbs = new Float32Array(tokens);
    this.entropies = new Float32Array(tokens);
    this.scored = new Uint8Array(tokens);
  }

  private range(
    group: number,
    first = 0,
    count = (this.groups[group] as TokenGroup).completions.length,
  ): [number, number] {
    const at = (this.firstCompletion[group] as number) + first;
    return [this.offsets[at] as number, this.offsets[at + count] as number];
  }

  /** Whether a group has any gradient; if not, its tokens are counted as skipped. */
  hasSignal(group: number, { dLogProbs, dEntropies }: TokenGradients): boolean {
    const [from, to] = this.range(group);
    const some = (values: Float32Array | undefined): boolean =>
      values !== undefined && values.subarray(from, to).some((d) => d !== 0);
    if (some(dLogProbs) || some(dEntropies)) return true;
    this.skipped += to - from;
    return false;
  }

  store(
    packed: PackedBatch,
    scores: { readonly logProbs: Float32Array; readonly entropies: Float32Array },
  ): void {
    packed.places.forEach((place, i) => {
      this.logProbs[place] = scores.logProbs[i] as number;
      this.entropies[place] = scores.entropies[i] as number;
      this.scored[place] = 1;
    });
  }

  pick(packed: PackedBatch, { dLogProbs, dEntropies }: TokenGradients): HeadDerivatives {
    const at = (values: Float32Array): Float32Array =>
      Float32Array.from(packed.places, (place) => values[place] as number);
    return { dLogProbs: at(dLogProbs), dEntropies: dEntropies === undefined ? undefined : at(dEntropies) };
  }

  /** Asks the caller for the derivatives of each slice's completions; undefined when all are zero, which is counted. */
  derive(
    packed: PackedBatch,
    slices: readonly GroupSlice[],
    derivative: DerivativeOfScores,
  ): HeadDerivatives | undefined {
    const dLogProbs = new Float32Array(packed.places.length);
    let dEntropies: Float32Array | undefined;
    const byPlace = new Map<number, number>();
    packed.places.forEach((place, i) => byPlace.set(place, i));
    for (const slice of slices) {
      const firstCompletion = (this.firstCompletion[slice.group] as number) + slice.first;
      const [from, to] = this.range(slice.group, slice.first, slice.count);
      const offsets = this.offsets
        .slice(firstCompletion, firstCompletion + slice.count + 1)
        .map((offset) => offset - from);
      const result = derivative(
        {
          logProbs: { data: this.logProbs.slice(from, to), offsets },
          entropies: { data: this.entropies.slice(from, to), offsets },
        },
        { first: firstCompletion, count: slice.count },
      );
      for (let place = from; place < to; place += 1) {
        const i = byPlace.get(place) as number;
        dLogProbs[i] = result.dLogProbs[place - from] as number;
        if (result.dEntropies !== undefined)
          (dEntropies ??= new Float32Array(packed.places.length))[i] = result.dEntropies[
            place - from
          ] as number;
      }
    }
    if (dLogProbs.some((d) => d !== 0) || (dEntropies?.some((d) => d !== 0) ?? false))
      return { dLogProbs, dEntropies };
    this.skipped += packed.places.length;
    return undefined;
  }

  /** Counts what computing a micro-batch cost and what it saved. */
  count(slices: readonly GroupSlice[], { tokens, places, padded }: PackedBatch): void {
    let sequences = 0;
    let shared = 0;
    for (const { group, count } of slices) {
      sequences += count;
      shared += (count - 1) * (this.groups[group] as TokenGroup).promptIds.length;
    }
    this.forwardTokens += tokens;
    this.computedTokens += places.length;
    this.sharedPromptTokens += shared;
    this.paddingTokensAvoided += sequences * (padded.prompt + padded.completion) - tokens - shared;
  }

  result(headForwardTokensSkipped: number): Pass {
    const { forwardTokens, sharedPromptTokens, paddingTokensAvoided } = this;
    return {
      scores: {
        logProbs: { data: this.logProbs, offsets: this.offsets },
        entropies: { data: this.entropies, offsets: this.offsets },
        scored: this.scored,
      },
      metrics: {
        forwardTokens,
        sharedPromptTokens,
        paddingTokensAvoided,
        skippedTokens: this.skipped,
        headForwardTokensSkipped,
      },
    };
  }
}
