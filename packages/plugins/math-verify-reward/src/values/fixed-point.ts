/** Series in fixed point: an integer n stands for n / 2^bits. */

function memo(compute: (bits: number) => bigint): (bits: number) => bigint {
  const known = new Map<number, bigint>();
  return (bits) => {
    const rounded = Math.ceil(bits / 128) * 128;
    let value = known.get(rounded);
    if (value === undefined) {
      value = compute(rounded + 32) >> 32n;
      known.set(rounded, value);
    }
    return value >> BigInt(rounded - bits);
  };
}

/** arctan(1/n) or, `hyperbolic`, artanh(1/n), by Taylor's series. */
function arctangentOfReciprocal(n: bigint, bits: number, hyperbolic: boolean): bigint {
  let power = (1n << BigInt(bits)) / n;
  let sum = power;
  const square = n * n;
  for (let k = 3n, sign = hyperbolic ? 1n : -1n; power !== 0n; k += 2n, sign = hyperbolic ? 1n : -sign) {
    power /= square;
    sum += (sign * power) / k;
  }
  return sum;
}

/** pi * 2^bits, off by less than 2 (Machin: pi = 16 arctan(1/5) - 4 arctan(1/239)). */
export const fixedPi = memo(
  (bits) => 16n * arctangentOfReciprocal(5n, bits, false) - 4n * arctangentOfReciprocal(239n, bits, false),
);

/** ln 2 * 2^bits, off by less than 2 (ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749)). */
export const fixedLn2 = memo(
  (bits) =>
    18n * arctangentOfReciprocal(26n, bits, true) -
    2n * arctangentOfReciprocal(4801n, bits, true) +
    8n * arctangentOfReciprocal(8749n, bits, true),
);

/** How often the argument is halved before the series, so that both cost about the same. */
function halvings(bits: number): number {
  return Math.ceil(Math.sqrt(bits) * 0.8);
}

/** e^t * 2^bits for |t| <= 1, off by less than 4. */
export function fixedExp(t: bigint, bits: number): bigint {
  const times = halvings(bits);
  const work = bits + times + 12;
  const w = BigInt(work);
  // t / 2^times at the finer scale.
  const x = t << 12n;
  let term = 1n << w;
  let sum = term;
  for (let k = 1n; term !== 0n && term !== -1n; k += 1n) {
    term = ((term * x) >> w) / k;
    sum += term;
  }
  for (let i = 0; i < times; i += 1) sum = (sum * sum) >> w;
  return sum >> BigInt(work - bits);
}

/** [cos t, sin t] * 2^bits for |t| <= 1, off by less than 4 each. */
export function fixedCosSin(t: bigint, bits: number): [bigint, bigint] {
  const times = halvings(bits);
  const work = bits + times + 12;
  const w = BigInt(work);
  const x = t << 12n;
  let cos = 1n << w;
  let sin = 0n;
  let term = cos;
  for (let k = 1n; ; k += 1n) {
    term = ((term * x) >> w) / k;
    if (term === 0n || term === -1n) break;
    switch (k & 3n) {
      case 0n:
        cos += term;
        break;
      case 1n:
        sin += term;
        break;
      case 2n:
        cos -= term;
        break;
      default:
        sin -= term;
    }
  }
  for (let i = 0; i < times; i += 1) {
    const product = cos * sin;
    cos = (cos * cos - sin * sin) >> w;
    sin = product >> (w - 1n);
  }
  const down = BigInt(work - bits);
  return [cos >> down, sin >> down];
}
