import type { Budget } from '../budget.js';
import { bitLength } from './ball.js';
import { gcd } from './rational.js';

/** Functions of integers, exact; nothing where there is no value or it is too large to write out. */

/** What a multiplication or division of integers of this many bits costs in steps. */
export function workOf(bits: number): number {
  return 1 + Math.floor((bits * bits) / 2 ** 19) + (bits >> 9);
}

/** What the greatest common divisor of integers of so many bits costs in steps. */
export function workOfGcd(bits: number, otherBits = bits): number {
  const least = Math.min(bits, otherBits);
  return (least < 53 ? 2 : 10 + 0.4 * least + (least * least) / 2000) + (Math.max(bits, otherBits) >> 6);
}

/** Upper bound on the bits of n!, for n >= 2. */
export function bitsOfFactorial(n: number): number {
  return Math.ceil(n * Math.log2(n));
}

export function factorial(n: bigint, budget: Budget): bigint | undefined {
  if (n < 0n || n > 100_000n || bitsOfFactorial(Math.max(2, Number(n))) > budget.bits + 10_000)
    return undefined;
  return risingProduct(1n, n, 1n, budget);
}

/** from (from + step) (from + 2 step) ... to, multiplied in halves so that the factors stay of one size. */
function risingProduct(from: bigint, to: bigint, step: bigint, budget: Budget): bigint {
  if (to < from) return 1n;
  const count = (to - from) / step;
  if (count < 8n) {
    let result = from;
    for (let k = from + step; k <= to; k += step) result *= k;
    budget.spend(2 + (bitLength(result) >> 7));
    return result;
  }
  const half = from + (count / 2n) * step;
  const low = risingProduct(from, half, step, budget);
  const high = risingProduct(half + step, to, step, budget);
  budget.spend(workOf(bitLength(low)));
  return low * high;
}

/** n!! = n (n - 2) (n - 4) ... */
export function doubleFactorial(n: bigint, budget: Budget): bigint | undefined {
  if (n < -1n || n > 3000n) return undefined;
  return n < 1n ? 1n : risingProduct(n % 2n === 0n ? 2n : 1n, n, 2n, budget);
}

/** Derangements of n things: D(n) = n D(n-1) + (-1)^n. */
export function subfactorial(n: bigint, budget: Budget): bigint | undefined {
  if (n < 0n || n > 1000n) return undefined;
  let result = 1n;
  for (let k = 1n; k <= n; k += 1n) {
    budget.spend(2);
    result = result * k + (k % 2n === 0n ? 1n : -1n);
  }
  return result;
}

/** n (n-1) ... (n-k+1) / k!; of a negative n too; zero where k is negative or above n >= 0. */
export function binomial(n: bigint, k: bigint, budget: Budget): bigint | undefined {
  if (k < 0n) return 0n;
  if (n >= 0n && k > n) return 0n;
  const least = n >= 0n && n - k < k ? n - k : k;
  if (least > 5000n || Number(least) * bitLength(n) > 2 * budget.bits) return undefined;
  let result = 1n;
  for (let j = 1n; j <= least; j += 1n) {
    result = (result * (n - least + j)) / j;
    budget.spend(2 + (bitLength(result) >> 7));
  }
  if (n >= 0n) return result;
  // The product above runs over n-k+1 ... n whatever the sign; k is `least` here.
  return result;
}

/** Numbers from 1 to n prime to n, by trial division. */
export function totient(n: bigint, budget: Budget): bigint | undefined {
  if (n < 1n || n > 10_000_000_000n) return undefined;
  let [rest, result] = [Number(n), Number(n)];
  for (let p = 2; p * p <= rest; p += 1) {
    if (p % 64 === 0) budget.spend(4);
    if (rest % p !== 0) continue;
    while (rest % p === 0) rest /= p;
    result -= result / p;
  }
  return BigInt(rest > 1 ? result - result / rest : result);
}

export function lcm(a: bigint, b: bigint): bigint {
  if (a === 0n || b === 0n) return 0n;
  const product = (a / gcd(a, b)) * b;
  return product < 0n ? -product : product;
}

/** The k-th root of n >= 0 rounded down. */
export function floorRoot(n: bigint, k: number): bigint {
  if (n < 2n || k === 1) return n;
  const length = bitLength(n);
  if (k >= length + 1) return 1n;
  const power = BigInt(k);
  let y = 1n << BigInt(Math.ceil(length / k));
  if (length < 1000) {
    const guess = BigInt(Math.ceil(Number(n) ** (1 / k) * (1 + 2 ** -40))) + 1n;
    if (guess < y) y = guess;
  }
  for (;;) {
    const next = ((power - 1n) * y + n / y ** (power - 1n)) / power;
    if (next >= y) return y;
    y = next;
  }
}

/** The k-th root of n >= 0 where it is an integer. */
export function exactRoot(n: bigint, k: number): bigint | undefined {
  const root = floorRoot(n, k);
  return root ** BigInt(k) === n ? root : undefined;
}
