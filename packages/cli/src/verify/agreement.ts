import type { PairResult } from './pair-result.js';

/** Disagreements that are listed one by one. */
const LISTED = 20;

/** How often a verdict is the one that the file expects. */
export class Agreement {
  #judged = 0;
  #met = 0;
  readonly #listed: string[] = [];

  add(name: string | number, { equal, verdict, expected }: PairResult): void {
    if (expected === undefined) return;
    this.#judged += 1;
    if (equal === expected) this.#met += 1;
    else if (this.#listed.length < LISTED)
      this.#listed.push(`  ${String(name)}: ${verdict}, expected ${expected ? 'equal' : 'not equal'}`);
  }

  /** Nothing where the file expects nothing. */
  lines(): readonly string[] {
    if (this.#judged === 0) return [];
    const more = this.#judged - this.#met - this.#listed.length;
    return [
      `${String(this.#met)} of ${String(this.#judged)} as expected (${this.percent.toFixed(1)} %)`,
      ...this.#listed,
      ...(more > 0 ? [`  and ${String(more)} more`] : []),
    ];
  }

  get percent(): number {
    return this.#judged === 0 ? 100 : (100 * this.#met) / this.#judged;
  }

  /** @param least - percent; undefined asks for nothing */
  isBelow(least: number | undefined): boolean {
    return least !== undefined && this.percent < least;
  }
}
