import type { Budget } from '../budget.js';
import { ArgumentSplitter } from './argument-splitter.js';
import { NEGATED } from './commands.js';
import { currencyDollars } from './dollars.js';
import type { Gap, Token, TokenKind } from './token.js';

export const SPACES = /[ \t\n\r\f\v\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+/y;
export const LETTERS = /[a-zA-Z]+/y;
/** A word of any script. */
export const WORD = /\p{L}[\p{L}\p{M}]*/uy;

/** What a token costs, its place in the grammar included. */
const TOKEN_STEPS = 5;

type Brace = 'group' | 'text' | 'transparent';

/** Where `tokenize` stands: the tokens so far, what is open, and what the next token must be told. */
export class Scanner {
  readonly tokens: Token[] = [];
  readonly braces: Brace[] = [];
  readonly arguments = new ArgumentSplitter();
  /** Dollar signs are money, not the delimiters of formulas. */
  readonly currency: boolean;
  /** Those that are open: whether they align lines, so that `&` means nothing. */
  readonly environments: boolean[] = [];
  /** Position in the text, UTF-16. */
  at = 0;
  /** How many groups in text mode are open. */
  upright = 0;
  /** Formula inside text mode. */
  inlineFormula = false;
  /** `\not` came before: the next mark is denied. */
  negate = false;
  /** White space since the last token. */
  gap: Gap = '';

  constructor(
    readonly text: string,
    readonly budget: Budget,
  ) {
    this.currency = currencyDollars(text);
  }

  /** Adds a token and moves on to its end. */
  push(kind: TokenKind, text: string, start: number, end: number): void {
    this.budget.spend(TOKEN_STEPS);
    const upright = this.upright > 0 && !this.inlineFormula;
    this.tokens.push({ kind, text, start, end, gap: this.gap, upright });
    this.gap = '';
    this.at = end;
  }

  /** Adds a mark that begins here. */
  mark(mark: string, end: number): void {
    if (this.negate) {
      mark = NEGATED[mark] ?? mark;
      this.negate = false;
    }
    this.push('mark', mark, this.at, end);
  }

  last(): Token | undefined {
    return this.tokens[this.tokens.length - 1];
  }

  /** What a sticky pattern finds. */
  match(pattern: RegExp, at = this.at): string {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  /** Adds white space to the gap; never narrows it. */
  widen(gap: Gap): void {
    if (this.gap === 'tight' || this.gap === 'wide') return;
    if (gap === 'thin' && this.gap !== '') return;
    this.gap = gap;
  }

  /** The same for a command, whose negative space counts whatever stands beside it. */
  widenTo(gap: Gap): void {
    if (gap === 'tight') this.gap = 'tight';
    else this.widen(gap);
  }
}
