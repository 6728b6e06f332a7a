import type { Ball } from './ball.js';
import { fixedLn2 } from './fixed-point.js';

const known = new Map<number, Ball>();

/**
 * Euler's constant by Brent and McMillan: with n = 2^k, gamma = S / I - ln n within e^(-4n) pi, where
 * I = sum of (n^j / j!)^2 and S = sum of (n^j / j!)^2 H_j.
 */
export function eulerGammaBall(bits: number): Ball {
  let value = known.get(bits);
  if (value === undefined) known.set(bits, (value = compute(bits)));
  return value;
}

function compute(bits: number): Ball {
  const k = Math.ceil(Math.log2(bits / 5.7 + 2));
  const n = 1n << BigInt(k);
  const work = bits + 32;
  // The terms grow to e^(2n) before they fall: I is of that size, and so is what is lost of S and I in rounding.
  let term = 1n << BigInt(work);
  let harmonic = 0n;
  let [all, weighted] = [term, 0n];
  for (let j = 1n; term !== 0n; j += 1n) {
    term = (term * n * n) / (j * j);
    harmonic += (1n << BigInt(work)) / j;
    all += term;
    weighted += (term * harmonic) >> BigInt(work);
  }
  const quotient = (weighted << BigInt(work)) / all;
  const value = quotient - BigInt(k) * fixedLn2(work);
  return { m: value >> 24n, e: -(work - 24), r: 16 };
}
