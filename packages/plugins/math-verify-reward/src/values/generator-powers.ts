import type { Factor } from './polynomial.js';
import { TooLarge } from './too-large.js';

const LARGEST_EXPONENT = 2 ** 24;

/** The product of two products of powers, before the relations of generators are applied. */
export function multiplyFactors(a: readonly Factor[], b: readonly Factor[]): Factor[] {
  const merged: Factor[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    if (x === undefined || y === undefined) break;
    if (x.generator < y.generator) {
      merged.push(x);
      i += 1;
    } else if (x.generator > y.generator) {
      merged.push(y);
      j += 1;
    } else {
      merged.push(addExponents(x, y));
      i += 1;
      j += 1;
    }
  }
  merged.push(...a.slice(i), ...b.slice(j));
  return merged;
}

/** The reciprocal of a product of powers. */
export function invertFactors(factors: readonly Factor[]): Factor[] {
  return factors.map((factor) => ({ ...factor, n: -factor.n }));
}

function addExponents(x: Factor, y: Factor): Factor {
  if (x.d === 1 && y.d === 1) return limited({ generator: x.generator, n: x.n + y.n, d: 1 });
  return reducedFactor(x.generator, x.n * y.d + y.n * x.d, x.d * y.d);
}

function limited(factor: Factor): Factor {
  if (Math.abs(factor.n) > LARGEST_EXPONENT || factor.d > LARGEST_EXPONENT) throw new TooLarge();
  return factor;
}

/** generator^(n/d) in lowest terms. */
export function reducedFactor(generator: number, n: number, d: number): Factor {
  let [a, b] = [Math.abs(n), d];
  while (b !== 0) [a, b] = [b, a % b];
  return limited({ generator, n: n / a, d: d / a });
}
