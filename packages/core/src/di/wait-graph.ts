/**
 * Who waits for whom while parts are created. A request chain alone is not enough: two parts that are created at the
 * same time and ask for each other would wait forever.
 */
export class WaitGraph<Node> {
  readonly #waiting = new Map<Node, Set<Node>>();

  /** The circle that `from` waiting for `to` would close, from `from` back to itself; undefined where there is none. */
  circle(from: Node, to: Node): readonly Node[] | undefined {
    const path = this.#path(to, from, new Set());
    return path === undefined ? undefined : [from, ...path];
  }

  /** Notes the wait for as long as `work` takes. */
  async during<T>(from: Node, to: Node, work: () => Promise<T>): Promise<T> {
    const targets = this.#waiting.get(from) ?? new Set();
    this.#waiting.set(from, targets.add(to));
    try {
      return await work();
    } finally {
      targets.delete(to);
    }
  }

  #path(from: Node, to: Node, seen: Set<Node>): readonly Node[] | undefined {
    if (from === to) return [to];
    if (seen.has(from)) return undefined;
    seen.add(from);
    for (const next of this.#waiting.get(from) ?? []) {
      const rest = this.#path(next, to, seen);
      if (rest !== undefined) return [from, ...rest];
    }
    return undefined;
  }
}
