import { createStream } from '../random/stream.js';

/** Up to this many non-zero differences all sign patterns are tried. */
const EXACT_UP_TO = 14;
const FLIPS = 20_000;

/**
 * Two-sided sign-flip (permutation) test of "the differences are symmetric about 0": the share of sign patterns whose
 * sum is at least as far from 0 as the one seen. Exact for up to 14 non-zero differences; otherwise 20,000 random
 * patterns, with the observed one counted among them (Phipson and Smyth, 2010), so that p is never 0.
 *
 * @param seed - of the random patterns; equal seeds give equal p-values
 */
export function signFlipPValue(differences: readonly number[], seed = 0): number {
  const sizes = differences.filter((difference) => difference !== 0).map(Math.abs);
  if (sizes.length === 0) return 1;
  // A pattern that only rounds below the observed sum is a tie.
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0)) * (1 - 1e-12) - 1e-12;
  return sizes.length <= EXACT_UP_TO ? exact(sizes, observed) : sampled(sizes, observed, seed);
}

function exact(sizes: readonly number[], observed: number): number {
  const patterns = 2 ** sizes.length;
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    const sum = sizes.reduce((total, size, i) => total + ((pattern >>> i) & 1 ? size : -size), 0);
    if (Math.abs(sum) >= observed) extreme += 1;
  }
  return extreme / patterns;
}

function sampled(sizes: readonly number[], observed: number, seed: number): number {
  const stream = createStream({ seed, purpose: 'statistics/sign-flip' });
  let extreme = 1;
  for (let flip = 0; flip < FLIPS; flip += 1) {
    let bits = 0;
    let sum = 0;
    for (let i = 0; i < sizes.length; i += 1) {
      bits = i % 32 === 0 ? stream.integer(2 ** 32) : bits >>> 1;
      sum += bits & 1 ? (sizes[i] as number) : -(sizes[i] as number);
    }
    if (Math.abs(sum) >= observed) extreme += 1;
  }
  return extreme / (FLIPS + 1);
}
