import type { Budget } from '../budget.js';
import type { Token } from './token.js';

/** Thrown inside the reader where the grammar ends; `readAnswer` catches it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  constructor(
    readonly token: Token,
    readonly expected: string,
  ) {
    super(expected);
  }
}

/**
 * What notation leaves open. Each has a likelier reading, taken by default, and another, taken where the doubt is in
 * `Cursor.flipped`.
 */
export type Doubt =
  /** `1,234`: one number, or two. */
  | 'thousands'
  /** `3,14`: two numbers, or a decimal comma. With 0 before the comma the other way round. */
  | 'decimal-comma'
  /** `12 m`: twelve metres, or 12 times m. Without the space the other way round. */
  | 'unit-letters'
  /** `24e-32`: a power of ten, or 24 e minus 32. */
  | 'e-notation'
  /** `1/2x`: a half of x, or 1 over 2x. */
  | 'slash'
  /** `0.1(6)`: a product, or a repeating decimal. */
  | 'repeating'
  /** `$18 per hour`: a rate, or an amount of money and words. */
  | 'rate';

/** The tokens of one answer, a place in them, and what the enclosing brackets make of what is read there. */
export class Cursor {
  position = 0;
  depth = 0;
  /** Inside brackets that hold a list: a comma separates. */
  listed = 0;
  /** Bars that are open in the innermost brackets. */
  bars = 0;
  /** In the innermost brackets a bar or a colon ends what comes before: those of a set. */
  inSet = false;
  /** Inside a congruence: `mod` ends it. */
  congruence = false;
  /** Symbols read so far: a stretch that has read none is numeric. */
  symbols = 0;
  readonly doubts = new Set<Doubt>();
  /** Indices of the sums and products around. */
  readonly indices: string[] = [];
  /** The letter i is a variable here. */
  readonly iIsVariable: boolean;
  /** The answer has one comma, or semicolons as well: a comma may then be a decimal comma. */
  readonly decimalCommas: boolean;
  #plain: boolean | undefined;

  constructor(
    readonly tokens: readonly Token[],
    readonly source: string,
    readonly budget: Budget,
    readonly flipped: ReadonlySet<Doubt>,
  ) {
    let commas = 0;
    let semicolons = 0;
    let j = false;
    let below = false;
    for (const { kind, text } of tokens) {
      if (kind === 'mark' && text === ',') commas++;
      else if (kind === 'mark' && text === ';') semicolons++;
      else if (kind === 'letter' && text === 'j' && !below) j = true;
      below = text === '_';
    }
    this.iIsVariable = j;
    this.decimalCommas = commas === 1 || semicolons > 0;
  }

  /** No LaTeX in it. */
  get isPlain(): boolean {
    return (this.#plain ??= !this.source.includes('\\') && !this.source.includes('{'));
  }

  get token(): Token {
    return this.tokens[this.position] as Token;
  }

  /** The token `ahead` places on, or back; outside the answer its end. */
  peek(ahead: number): Token {
    return this.tokens[this.position + ahead] ?? (this.tokens[this.tokens.length - 1] as Token);
  }

  next(): Token {
    this.budget.spend();
    const { token } = this;
    if (token.kind !== 'end') this.position++;
    return token;
  }

  get ended(): boolean {
    return this.token.kind === 'end';
  }

  isMark(mark: string): boolean {
    return this.token.kind === 'mark' && this.token.text === mark;
  }

  isCommand(name: string): boolean {
    return this.token.kind === 'command' && this.token.text === name;
  }

  takeMark(mark: string): boolean {
    if (!this.isMark(mark)) return false;
    this.next();
    return true;
  }

  /** Takes the signs that stand here, if any. @returns whether they make what follows negative */
  takeSigns(): boolean {
    let negative = false;
    for (;;) {
      if (this.takeMark('-')) negative = !negative;
      else if (!this.takeMark('+')) return negative;
    }
  }

  /** Whether a doubt is decided the unlikelier way; it is noted either way. */
  doubt(doubt: Doubt): boolean {
    this.doubts.add(doubt);
    return this.flipped.has(doubt);
  }

  fail(expected: string): never {
    throw new Unreadable(this.token, expected);
  }

  /** Runs `read` one level deeper. @throws BudgetExhausted */
  deeper<T>(read: (cursor: Cursor) => T): T {
    this.budget.allowNesting(++this.depth);
    const result = read(this);
    this.depth--;
    return result;
  }

  /** Runs `read` inside brackets: what the brackets outside made of commas and bars does not hold there. */
  within<T>(inside: { readonly listed: number; readonly inSet?: boolean }, read: (cursor: Cursor) => T): T {
    const { listed, bars, inSet, congruence } = this;
    this.listed = inside.listed;
    this.inSet = inside.inSet ?? false;
    this.bars = 0;
    this.congruence = false;
    const result = read(this);
    this.listed = listed;
    this.bars = bars;
    this.inSet = inSet;
    this.congruence = congruence;
    return result;
  }
}
