import type { FloatArray } from './clip.js';

export interface AdamWOptions {
  readonly learningRate: number;
  /** Decay of the first and second moment. */
  readonly betas: readonly [number, number];
  readonly eps: number;
  /** Decoupled: parameters shrink by learningRate * weightDecay, apart from the gradient. */
  readonly weightDecay: number;
}

/** Running means of a parameter's gradient and of its square, both with the parameter's layout. */
export interface Moments<A extends FloatArray = FloatArray> {
  readonly first: A;
  readonly second: A;
}

/**
 * One AdamW update (arXiv 1711.05101) of one parameter, in place, with bias correction; the order of operations is that of
 * torch.optim.AdamW. Arithmetic is 64-bit; values are rounded when they are stored.
 *
 * @param gradient read only; multiplied with `scale` first
 * @param count how many updates there are with this one, from 1
 * @param scale the factor of gradient clipping
 */
export function adamw<A extends FloatArray>(
  parameter: A,
  gradient: FloatArray,
  { first, second }: Moments<A>,
  count: number,
  { learningRate, betas: [beta1, beta2], eps, weightDecay }: AdamWOptions,
  scale = 1,
): void {
  const stepSize = learningRate / (1 - beta1 ** count);
  const correction = Math.sqrt(1 - beta2 ** count);
  const shrink = 1 - learningRate * weightDecay;
  for (let i = 0; i < parameter.length; i += 1) {
    const g = (gradient[i] as number) * scale;
    const m = (first[i] as number) + (g - (first[i] as number)) * (1 - beta1);
    const v = (second[i] as number) * beta2 + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameter[i] = (parameter[i] as number) * shrink - (stepSize * m) / (Math.sqrt(v) / correction + eps);
  }
}
