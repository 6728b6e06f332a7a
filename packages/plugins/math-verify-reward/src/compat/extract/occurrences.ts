/** Where a string stands in a text, found once; so that asking for the next one takes no scan of the text. */
export class Occurrences {
  readonly #text: string;
  readonly #needle: string;
  #positions: readonly number[] | undefined;

  constructor(text: string, needle: string) {
    this.#text = text;
    this.#needle = needle;
  }

  /** The first at or after `position` (overlapping ones count); -1 where there is none. */
  from(position: number): number {
    return this.#all()[this.#countBefore(position)] ?? -1;
  }

  /** The last one before `position`; -1 where there is none. */
  before(position: number): number {
    return this.#all()[this.#countBefore(position) - 1] ?? -1;
  }

  #countBefore(position: number): number {
    const positions = this.#all();
    let low = 0;
    let high = positions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #all(): readonly number[] {
    return (this.#positions ??= this.#find());
  }

  #find(): number[] {
    const positions: number[] = [];
    for (let at = this.#text.indexOf(this.#needle); at >= 0; at = this.#text.indexOf(this.#needle, at + 1))
      positions.push(at);
    return positions;
  }
}
