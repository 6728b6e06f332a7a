/** Lanczos' approximation (g = 7, nine terms). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** From here on the gamma function is beyond the range of doubles. */
const LARGEST_GAMMA = 172;

/** The gamma function in double precision: a product for integers, an approximation elsewhere; NaN at its poles. */
export function gamma(x: number): number {
  if (Number.isInteger(x) && x > 0 && x < LARGEST_GAMMA) {
    let product = 1;
    for (let k = 2; k < x; k++) product *= k;
    return product;
  }
  if (Number.isInteger(x) && x <= 0) return NaN;
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const t = x + 6.5;
  let series = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) series += (LANCZOS[i] ?? 0) / (x - 1 + i);
  return Math.sqrt(2 * Math.PI) * Math.pow(t, x - 0.5) * Math.exp(-t) * series;
}
