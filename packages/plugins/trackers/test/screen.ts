/**
 * A terminal as far as the console tracker uses one: what would stand on the screen. Lines wrap at the width; the
 * cursor never leaves the last column before the next character is written, as in real ones.
 */
export class TestScreen {
  private rows: string[] = [''];
  private row = 0;
  private column = 0;

  constructor(readonly columns: number) {}

  readonly write = (text: string): void => {
    for (const [piece, count, kind] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|[^]/g)) {
      if (kind !== undefined) this.control(kind, count === '' ? undefined : Number(count));
      else if (piece === '\r') this.column = 0;
      else if (piece === '\n') this.lineFeed();
      else this.put(piece);
    }
  };

  /** Lines, without blanks at their ends and without empty lines at the end. */
  get lines(): string[] {
    return this.rows.join('\n').trimEnd().split('\n');
  }

  private control(kind: string, count: number | undefined): void {
    const row = this.rows[this.row] as string;
    if (kind === 'A') this.row = Math.max(0, this.row - (count ?? 1));
    else if (kind === 'K' || kind === 'J') {
      this.rows[this.row] = row.slice(0, this.column);
      if (kind === 'J') this.rows.length = this.row + 1;
    } else if (kind !== 'm') throw new Error(`unknown sequence ${kind}`);
  }

  private put(character: string): void {
    if (this.column === this.columns) this.lineFeed();
    const row = (this.rows[this.row] as string).padEnd(this.column);
    this.rows[this.row] = row.slice(0, this.column) + character + row.slice(this.column + 1);
    this.column += 1;
  }

  private lineFeed(): void {
    this.row += 1;
    this.column = 0;
    if (this.row === this.rows.length) this.rows.push('');
  }
}
