import type { PolicyPassOptions, TokenGradients, TokenGroup, TokenScores } from '@doppio/core';
import type { Engine } from '../src/engine.js';
import type { OnnxPolicyOptions } from '../src/onnx-policy.js';
import { derivatives, makeGroups, withOptions, zeros } from './tiny-model.js';

type Accumulate = ReturnType<typeof withOptions>['accumulate'];

/** Of f32, for results that differ only in the order of sums. */
export const ROUNDING = 1e-5;

export const groups = makeGroups([6, 9, 3, 12, 1], [2, 5, 5], [11, 7, 14, 2], [4, 8], [1, 20, 10, 3]);

export interface Result {
  readonly gradients: readonly Float32Array[];
  readonly scores: TokenScores;
  readonly metrics: Awaited<ReturnType<Accumulate>>['metrics'];
}

/** One pass of an engine, its gradients starting at zero. */
export async function accumulateOn(
  engine: Engine,
  batch: readonly TokenGroup[],
  derivative: Parameters<Accumulate>[1],
  options: Partial<OnnxPolicyOptions> = {},
  pass: PolicyPassOptions = {},
): Promise<Result> {
  const gradients = zeros(engine.adapter);
  return {
    gradients,
    ...(await withOptions(engine, options).accumulate(batch, derivative, gradients, pass)),
  };
}

export const signal = (batch: readonly TokenGroup[]): TokenGradients => ({
  dLogProbs: derivatives(batch),
  dEntropies: derivatives(batch, 2).map((d) => 0.1 * d),
});
