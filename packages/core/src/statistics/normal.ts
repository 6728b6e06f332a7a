/** P(Z <= z) for a standard normal Z; relative error below 1e-11 in both tails. */
export function normalCdf(z: number): number {
  const tail = 0.5 * erfc(Math.abs(z) / Math.SQRT2);
  return z < 0 ? tail : 1 - tail;
}

/** The z with P(Z <= z) = p; -Infinity at 0, Infinity at 1, NaN outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return -Infinity;
  if (p > 0.5) return 0 - normalQuantile(1 - p);
  // Start: Abramowitz and Stegun 26.2.23, within 4.5e-4; each of Halley's steps triples the digits.
  const t = Math.sqrt(-2 * Math.log(p));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  let z = numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step += 1) {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    const error = (normalCdf(z) - p) / density;
    z -= error / (1 + 0.5 * z * error);
  }
  return z;
}

/** Complementary error function for x >= 0. */
function erfc(x: number): number {
  if (x > 27) return 0;
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    // DLMF 7.6.2: all terms are positive, so that nothing cancels.
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * scale * sum;
  }
  // DLMF 7.9.1, from the innermost term outwards.
  let fraction = x;
  for (let n = 120; n >= 1; n -= 1) fraction = x + n / 2 / fraction;
  return scale / fraction;
}
