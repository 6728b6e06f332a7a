/** Nothing is told of what takes less. */
const QUIET_MS = 2000;
const EVERY_MS = { terminal: 250, log: 10_000 } as const;

/** Tells on standard error how far a long file is: one line that is rewritten in a terminal, now and then one in a log. */
export class Progress {
  readonly #started = performance.now();
  #told = this.#started;
  #shown = false;

  /** @param size - bytes of the file; undefined for standard input */
  constructor(
    readonly unit: string,
    readonly size: number | undefined,
  ) {}

  tick(done: number, bytes: number): void {
    const now = performance.now();
    const isTerminal = process.stderr.isTTY;
    const wait = this.#shown ? (isTerminal ? EVERY_MS.terminal : EVERY_MS.log) : QUIET_MS;
    if (now - this.#told < wait) return;
    this.#told = now;
    this.#shown = true;
    const rate = done / ((now - this.#started) / 1000);
    const share =
      this.size === undefined || this.size === 0
        ? ''
        : ` (${(100 * Math.min(1, bytes / this.size)).toFixed(0)} %)`;
    const text = `${String(done)} ${this.unit}${share}, ${rate.toFixed(0)} per second`;
    process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
  }

  /** To be called before anything else is written there, and at the end. */
  clear(): void {
    if (this.#shown && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}
