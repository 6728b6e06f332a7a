import { distance } from 'fastest-levenshtein';

/**
 * The candidate that was probably meant, or undefined where none is close. Case, `-`, `_` and `.` do not count, so
 * that `kl_coef` finds `klCoef`; otherwise a third of the letters may differ, and two (as in `stpes`) where there are four.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = bare(name);
  let best: string | undefined;
  let bestDistance = Math.max(wanted.length < 4 ? 1 : 2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const found = distance(wanted, bare(candidate));
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** `Did you mean "x"?`, or the names there are. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return candidates.length === 0 ? 'There are none.' : `Available: ${[...candidates].sort().join(', ')}.`;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}
