import { bitLength } from './ball.js';
import { workOfGcd } from './integer-functions.js';
import type { Factor, Term } from './polynomial.js';
import { invert, multiply, negate, type Rational } from './rational.js';
import type { Ring } from './ring.js';
import { TooLarge } from './too-large.js';

/** Applies the relations that keep a term a term: i^2 = -1, whole powers of primes, half turns. */
export function normalTerm(factors: readonly Factor[], coefficient: Rational, ring: Ring): Term {
  let c = coefficient;
  let quarter = 0;
  const kept: Factor[] = [];
  let imaginary: number | undefined;
  for (const factor of factors) {
    if (factor.n === 0) continue;
    const { kind, prime } = ring.at(factor.generator);
    if (kind === 'prime' && prime !== undefined) {
      const whole = Math.floor(factor.n / factor.d);
      if (whole !== 0) {
        if (Math.abs(whole) * bitLength(prime) > 4096) throw new TooLarge();
        const power = { n: prime ** BigInt(Math.abs(whole)), d: 1n };
        ring.spend(workOfGcd(Math.max(bitLength(power.n), bitLength(c.n), bitLength(c.d))));
        c = multiply(c, whole > 0 ? power : invert(power));
      }
      const rest = factor.n - whole * factor.d;
      if (rest !== 0) kept.push({ ...factor, n: rest });
    } else if (kind === 'circle') {
      const turns = Math.floor(factor.n / factor.d);
      quarter += 2 * (((turns % 2) + 2) % 2);
      const rest = factor.n - turns * factor.d;
      if (2 * rest === factor.d) quarter += 1;
      else if (rest !== 0) kept.push({ ...factor, n: rest });
    } else if (kind === 'imaginary' && factor.d === 1) {
      imaginary = factor.generator;
      quarter += ((factor.n % 4) + 4) % 4;
    } else {
      kept.push(factor);
    }
  }
  if (quarter % 4 >= 2) c = negate(c);
  if (quarter % 2 === 1) {
    imaginary ??= ring.imaginary();
    kept.push({ generator: imaginary, n: 1, d: 1 });
    kept.sort((x, y) => x.generator - y.generator);
  }
  return { factors: kept, coefficient: c };
}
