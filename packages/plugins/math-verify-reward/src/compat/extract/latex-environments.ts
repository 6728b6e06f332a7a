import type { Span } from '../../result.js';
import { isDigit, isSpace, skipDigits, skipSpaces } from './characters.js';
import { Occurrences } from './occurrences.js';

/** A LaTeX environment, or what passes for one. */
export interface Environment {
  /** Between the delimiters. */
  readonly content: Span;
  /** After the closing delimiter. */
  readonly end: number;
}

/** How an environment opens and closes. */
interface Delimiters {
  readonly open: string;
  readonly close: string;
  /** Whether it may go on over several lines. */
  readonly lines: boolean;
  /** Whether it must not open right after a digit, as in `5$ and 6$`. */
  readonly notAfterDigit?: boolean;
}

const DELIMITERS: readonly Delimiters[] = [
  { open: '$$', close: '$$', lines: true },
  { open: '\\[', close: '\\]', lines: true },
  { open: '$', close: '$', lines: false, notAfterDigit: true },
  { open: '\\(', close: '\\)', lines: false },
];

const OPENING_BOX = '\\boxed{';

/** Reads the environments of a text: the delimited ones, ` [ .. ] ` between spaces, and a fraction of two numbers. */
export class EnvironmentReader {
  readonly text: string;
  readonly #newlines: Occurrences;
  readonly #closings: readonly Occurrences[];
  readonly #openingBoxes: Occurrences;
  readonly #closingBraces: Occurrences;

  constructor(text: string) {
    this.text = text;
    this.#newlines = new Occurrences(text, '\n');
    this.#closings = DELIMITERS.map((delimiters) => new Occurrences(text, delimiters.close));
    this.#openingBoxes = new Occurrences(text, OPENING_BOX);
    this.#closingBraces = new Occurrences(text, '}');
  }

  /** The environment that opens at `position`. */
  at(position: number): Environment | undefined {
    switch (this.text[position]) {
      case '$':
      case '\\':
        return this.#delimited(position) ?? this.#fraction(position);
      case '-':
        return this.#fraction(position);
      default:
        return this.#bracketed(position);
    }
  }

  /** The environment that opens at `position`, if there is a box in it. */
  boxedAt(position: number): Environment | undefined {
    const environment = this.text[position] === '-' ? undefined : this.at(position);
    return environment && this.#holdsBox(environment) ? environment : undefined;
  }

  /** The environment that follows `position`, after white space if there is any. */
  after(position: number, boxed: boolean): Environment | undefined {
    const start = skipSpaces(this.text, position);
    // Square brackets need a space before them, so the white space must leave one.
    const opening = start > position && this.text[start] === '[' ? start - 1 : start;
    return boxed ? this.boxedAt(opening) : this.at(opening);
  }

  #delimited(position: number): Environment | undefined {
    if (this.text[position - 1] === '\\') return undefined;
    for (const [index, delimiters] of DELIMITERS.entries()) {
      if (!this.text.startsWith(delimiters.open, position)) continue;
      if (delimiters.notAfterDigit && position > 0 && isDigit(this.text.charCodeAt(position - 1))) continue;
      const environment = this.#close(position + delimiters.open.length, delimiters, index);
      if (environment) return environment;
    }
    return undefined;
  }

  #close(start: number, { close, lines }: Delimiters, index: number): Environment | undefined {
    let end = this.#closings[index]?.from(start) ?? -1;
    // A dollar sign may be escaped inside; the longer delimiters may not.
    while (close === '$' && end > start && this.text[end - 1] === '\\')
      end = this.#closings[index]?.from(end + 1) ?? -1;
    if (end <= start || this.text[end - 1] === '\\') return undefined;
    if (!lines) {
      const newline = this.#newlines.from(start);
      if (newline >= 0 && newline < end) return undefined;
    }
    return { content: { start, end }, end: end + close.length };
  }

  #bracketed(position: number): Environment | undefined {
    const { text } = this;
    if (text[position + 1] !== '[' || !isSpace(text.charCodeAt(position))) return undefined;
    const start = position + 2;
    let end = start;
    while (end < text.length && !'[]\n'.includes(text[end] ?? '')) end++;
    if (end === start || text[end] !== ']' || end + 1 >= text.length || !isSpace(text.charCodeAt(end + 1)))
      return undefined;
    return { content: { start, end }, end: end + 2 };
  }

  #fraction(position: number): Environment | undefined {
    const { text } = this;
    const command = text[position] === '-' ? position + 1 : position;
    if (!text.startsWith('\\frac{', command)) return undefined;
    const numerator = this.#number(command + '\\frac{'.length);
    if (numerator < 0 || !text.startsWith('}{', numerator)) return undefined;
    const denominator = this.#number(numerator + 2);
    if (denominator < 0 || text[denominator] !== '}') return undefined;
    const end = denominator + 1;
    return { content: { start: position, end }, end };
  }

  /** End of a number without thousands separators; -1 where there is none. */
  #number(position: number): number {
    const start = this.text[position] === '-' ? position + 1 : position;
    const end = skipDigits(this.text, start);
    if (end === start) return -1;
    if (this.text[end] !== '.' && this.text[end] !== ',') return end;
    const decimals = skipDigits(this.text, end + 1);
    return decimals > end + 1 ? decimals : end;
  }

  /** A box that is opened, is not empty, and after which some brace closes. */
  #holdsBox({ content }: Environment): boolean {
    const box = this.#openingBoxes.from(content.start);
    if (box < 0 || box + OPENING_BOX.length >= content.end) return false;
    return this.#closingBraces.before(content.end) > box + OPENING_BOX.length;
  }
}
