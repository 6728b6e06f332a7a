/** What a live area needs of a terminal. */
export interface Screen {
  readonly write: (text: string) => void;
  /** As of now: windows change their width. */
  readonly columns: number;
}

/** Terminals show Ctrl-C as ^C at the cursor, which stands at the end of the last line: without room it would wrap. */
const MARGIN = 3;
const LEAST_WIDTH = 20;

/**
 * The last lines of a terminal, which are rewritten while something is under way. Everything else is printed above
 * them. Each change is one write, and a line is overwritten before its rest is erased: nothing flickers.
 */
export class LiveArea {
  private lines: readonly string[] = [];

  constructor(private readonly screen: Screen) {}

  /** Columns that a line may have. */
  get width(): number {
    return Math.max(LEAST_WIDTH, this.screen.columns - MARGIN);
  }

  /** Replaces the live lines. Those that are too long are cut: a line that wraps could not be rewritten. */
  show(lines: readonly string[]): void {
    const text = this.start();
    this.lines = lines.map((line) => line.slice(0, this.width));
    this.screen.write(text + this.draw());
  }

  /** Prints text that stays, above the live lines. */
  print(text: string): void {
    const lines = text.split('\n').map((line) => `${line}${ERASE_TO_END_OF_LINE}\n`);
    this.screen.write(this.start() + lines.join('') + this.draw());
  }

  /** Takes the live lines away. */
  clear(): void {
    if (this.lines.length === 0) return;
    const text = this.start();
    this.lines = [];
    this.screen.write(text + ERASE_BELOW);
  }

  /** Moves to the first live line's first column. A window made narrower since has wrapped what it showed. */
  private start(): string {
    const { columns } = this.screen;
    const rows = this.lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
    return rows > 1 ? `\r\u001b[${String(rows - 1)}A` : '\r';
  }

  private draw(): string {
    return this.lines.map((line) => line + ERASE_TO_END_OF_LINE).join('\n') + ERASE_BELOW;
  }
}

const ERASE_TO_END_OF_LINE = '\u001b[K';
const ERASE_BELOW = '\u001b[J';
