/** Which tokens count as high-entropy in a whole batch. */
export interface EntropyStatistics {
  /** Tokens of at least this entropy (nats) get a policy gradient. */
  readonly entropyThreshold: number;
  /** How many there are. */
  readonly highEntropyTokens: number;
}

/**
 * The threshold above which the `fraction` of tokens with the highest entropy lies ("Beyond the 80/20 Rule",
 * arXiv 2506.01939): their quantile at 1 - fraction, linear between neighbours.
 * Entropies are compared as 32-bit floats, which is what they are in training; 64-bit input is rounded only for finding
 * the threshold, as torch.quantile of a float32 copy does.
 *
 * @param entropies [token] of every token of the batch that is trained on, any order
 */
export function entropyStatistics(
  entropies: Float64Array | Float32Array,
  fraction: number,
): EntropyStatistics {
  if (entropies.length === 0) return { entropyThreshold: Infinity, highEntropyTokens: 0 };
  const sorted = Float32Array.from(entropies).sort();
  const rank = Math.fround(Math.fround(1 - fraction) * (sorted.length - 1));
  const below = sorted[Math.floor(rank)] as number;
  const above = sorted[Math.ceil(rank)] as number;
  const weight = Math.fround(rank - Math.floor(rank));
  const gap = Math.fround(above - below);
  const entropyThreshold =
    weight < 0.5 ? Math.fround(below + weight * gap) : Math.fround(above - Math.fround(1 - weight) * gap);
  let highEntropyTokens = 0;
  for (const entropy of entropies) if (entropy >= entropyThreshold) highEntropyTokens += 1;
  return { entropyThreshold, highEntropyTokens };
}
