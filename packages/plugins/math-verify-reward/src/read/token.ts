/** White space before a token: `tight` is a negative space (`\!`), `thin` is `\,`, `wide` is `\quad` or a line break. */
export type Gap = '' | 'tight' | 'thin' | 'space' | 'wide';

export type TokenKind =
  /** A run of digits 0-9. */
  | 'digits'
  /** One letter of a formula. */
  | 'letter'
  /** Letters that belong together: a word, or a name such as `sin`. */
  | 'word'
  /** A LaTeX command that the grammar knows by name, without its backslash. */
  | 'command'
  /** Everything else, under one spelling: see `MARK_COMMANDS` and `MARK_CHARACTERS`. */
  | 'mark'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Half-open range in the source, UTF-16. */
  readonly start: number;
  readonly end: number;
  readonly gap: Gap;
  /** Set in text mode (`\text{...}`, `\mathrm{...}`). */
  readonly upright: boolean;
}
