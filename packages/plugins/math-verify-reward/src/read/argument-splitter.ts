/**
 * Says where TeX would take a single digit or letter for an argument: `\frac12` is one half and `\frac1{23}` is 1/23,
 * `\sqrt12` is the root of 1, times 2.
 */
export class ArgumentSplitter {
  /** A positive entry: arguments still owed to a command; -1: an open brace; -2: the index of a root. */
  readonly #stack: number[] = [];

  /** True where the next digit or letter stands alone. */
  get single(): boolean {
    return (this.#stack[this.#stack.length - 1] ?? 0) > 0;
  }

  command(arity: number): void {
    if (arity > 0) this.#stack.push(arity);
    else this.argument();
  }

  /** After a whole argument. */
  argument(): void {
    for (let top = this.#stack.length - 1; top >= 0; top--) {
      const owed = this.#stack[top] ?? 0;
      if (owed <= 0) return;
      if (owed > 1) {
        this.#stack[top] = owed - 1;
        return;
      }
      this.#stack.length = top;
    }
  }

  openBrace(): void {
    this.#stack.push(-1);
  }

  closeBrace(): void {
    while (this.#stack.length > 0 && this.#stack.pop() !== -1);
    this.argument();
  }

  openIndex(): void {
    this.#stack.push(-2);
  }

  /** @returns whether an index was open here */
  closeIndex(): boolean {
    if (this.#stack[this.#stack.length - 1] !== -2) return false;
    this.#stack.pop();
    return true;
  }
}
