/** KL to a reference, per token, with its derivative by the log-probability where the ratio is held constant. */
export interface KlTerms {
  /** [token] */
  readonly kl: Float64Array;
  /** [token] */
  readonly dLogProb: Float64Array;
}

/**
 * The k3 estimate of KL(pi || reference): exp(d) - d - 1 with d = log reference - log pi; never negative
 * (Schulman, "Approximating KL Divergence", 2020).
 */
export function klToReference(logProbs: Float64Array, reference: Float64Array): KlTerms {
  const kl = new Float64Array(logProbs.length);
  const dLogProb = new Float64Array(logProbs.length);
  for (let t = 0; t < logProbs.length; t += 1) {
    const d = (reference[t] as number) - (logProbs[t] as number);
    kl[t] = Math.exp(d) - d - 1;
    dLogProb[t] = 1 - Math.exp(d);
  }
  return { kl, dLogProb };
}
