import { normalCdf, normalQuantile } from './normal.js';
import { incompleteBeta } from './special.js';

/** Above this many degrees of freedom t and normal differ by less than 1e-7. */
const NEARLY_NORMAL = 1e7;

/** P(T <= t) for Student's t with `degrees` > 0 degrees of freedom. */
export function studentTCdf(t: number, degrees: number): number {
  if (degrees > NEARLY_NORMAL) return normalCdf(t);
  const tail = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
  return t < 0 ? tail : 1 - tail;
}

/** The t with P(T <= t) = p for `degrees` > 0 degrees of freedom; -Infinity at 0, Infinity at 1, NaN outside. */
export function studentTQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return -Infinity;
  if (p > 0.5) return 0 - studentTQuantile(1 - p, degrees);
  if (degrees > NEARLY_NORMAL || p === 0.5) return p === 0.5 ? 0 : normalQuantile(p);
  let low = -1;
  while (studentTCdf(low, degrees) > p) low *= 2;
  let high = 0;
  // Bisection: as sure for one degree of freedom as for a thousand, down to the last bit.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (studentTCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
}
