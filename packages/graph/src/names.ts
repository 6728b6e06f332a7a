/** Counts names; shared by a builder and the builders of its subgraphs, so that names never collide. */
export class NameCounter {
  private readonly used = new Set<string>();
  private readonly counts = new Map<string, number>();

  fresh(base: string): string {
    let name = base;
    // A made-up name may have been taken by someone who typed it: counting alone would give it out again.
    while (!this.take(name)) {
      const count = (this.counts.get(base) ?? 0) + 1;
      this.counts.set(base, count);
      name = `${base}_${String(count)}`;
    }
    return name;
  }

  /** False when the name is taken already. */
  take(name: string): boolean {
    if (this.used.has(name)) return false;
    this.used.add(name);
    return true;
  }
}
