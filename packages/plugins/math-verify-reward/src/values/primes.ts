import { bitLength } from './ball.js';
import { exactRoot, workOf } from './integer-functions.js';
import type { Ring } from './ring.js';
import { TooLarge } from './too-large.js';

/** A factor with how often it divides; `certain` where it is known to be prime. */
export interface PrimePower {
  readonly factor: bigint;
  readonly times: number;
  readonly certain: boolean;
}

const TRIAL_LIMIT = 1000;
const PRIMES: readonly number[] = (() => {
  const composite = new Uint8Array(TRIAL_LIMIT);
  const primes: number[] = [];
  for (let n = 2; n < TRIAL_LIMIT; n += 1) {
    if (composite[n] === 1) continue;
    primes.push(n);
    for (let multiple = n * n; multiple < TRIAL_LIMIT; multiple += n) composite[multiple] = 1;
  }
  return primes;
})();

/** Integers of more bits are not looked into. */
const MOST_BITS = 2048;

/**
 * Factors of n > 0 by trial division up to 1000; what is left is one more factor, or a power of it. May throw
 * `TooLarge`.
 */
export function primePowers(n: bigint, ring: Ring): PrimePower[] {
  const { budget } = ring;
  if (bitLength(n) > MOST_BITS) throw new TooLarge();
  const found: PrimePower[] = [];
  let rest = n;
  const small = rest < 0x20000000000000n;
  for (const p of PRIMES) {
    if (small && BigInt(p * p) > rest) break;
    const prime = BigInt(p);
    let times = 0;
    budget.spend(small ? 0.2 : 1 + (bitLength(rest) >> 8));
    while (rest % prime === 0n) {
      rest /= prime;
      times += 1;
      ring.spend(2);
    }
    if (times > 0) found.push({ factor: prime, times, certain: true });
    if (rest === 1n) return found;
  }
  if (rest < BigInt(TRIAL_LIMIT * TRIAL_LIMIT)) {
    if (rest > 1n) found.push({ factor: rest, times: 1, certain: true });
    return found;
  }
  budget.spend(10 + 3 * workOf(bitLength(rest)));
  for (const index of [2, 3, 5, 7]) {
    const root = exactRoot(rest, index);
    if (root !== undefined) {
      found.push({ factor: root, times: index, certain: root < BigInt(TRIAL_LIMIT * TRIAL_LIMIT) });
      return found;
    }
  }
  found.push({ factor: rest, times: 1, certain: false });
  return found;
}
