/** One axis of 32- or 64-bit floats; sums are always 64-bit. */
export type FloatArray = Float32Array | Float64Array;

/** Euclidean norm of all gradients together. */
export function globalNorm(gradients: readonly FloatArray[]): number {
  let squares = 0;
  for (const gradient of gradients) for (const value of gradient) squares += value * value;
  return Math.sqrt(squares);
}

/**
 * What gradients are multiplied with so that their global norm is at most `maxNorm`; 1 when it is already.
 * The 1e-6 is that of torch.nn.utils.clip_grad_norm_.
 */
export function clipFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}
