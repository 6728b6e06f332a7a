import { meanOfTokens } from './aggregation.js';
import type { LossCompletion, LossOptions, TokenLoss } from './token-loss.js';

/** Logarithms are held between those of 1e-8 and e^20 (the sum too), so that no weight over- or underflows. */
const lowest = Math.log(1e-8);
const highest = 20;

/**
 * VESPO (arXiv 2602.10693): -phi(w) A log pi with phi(w) = exp(lambda + k log w - lambda w) held constant, where w is the
 * product of the sequence's token ratios (and of its sampler corrections, which therefore are not applied again) and
 * k, lambda depend on the sign of the advantage; phi(1) = 1. Mean over the batch's tokens. It looks at token ratios
 * whatever level is configured. k and lambda are rounded to 32 bits, as TRL has them, and lambda is at least 1e-4.
 */
export const vespoLoss: TokenLoss = (completion, batch, options) => {
  const { logProbs, advantage } = completion;
  const phi = gammaWeight(completion, options.vespo);
  return {
    loss: logProbs.map((logProb) => -phi * advantage * logProb),
    dLogProb: logProbs.map(() => -phi * advantage),
    weight: meanOfTokens(logProbs.length, batch),
    corrected: true,
    metrics: { 'vespo/phi_seq_mean': { reduce: 'mean', sum: phi, count: 1 } },
  };
};

function gammaWeight(
  { logRatio, correction, advantage }: LossCompletion,
  options: LossOptions['vespo'],
): number {
  let sum = 0;
  for (const value of logRatio) sum += clamp(value, -highest, highest);
  for (const value of correction ?? []) sum += clamp(Math.log(value), lowest, highest);
  const logWeight = clamp(sum, lowest, highest);
  const [k, lambda] =
    advantage >= 0
      ? [options.kPositive, options.lambdaPositive]
      : [options.kNegative, options.lambdaNegative];
  return gamma(Math.fround(k), Math.max(Math.fround(lambda), Math.fround(1e-4)), logWeight);
}

function gamma(k: number, lambda: number, logWeight: number): number {
  const phi = Math.exp(lambda + k * logWeight - lambda * Math.exp(logWeight));
  return Number.isFinite(phi) ? phi : 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
