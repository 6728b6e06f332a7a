import { isDigit, isSpace } from './characters.js';

/** An arithmetic expression in plain text. */
export interface Arithmetic {
  /** The expression alone starts where it was looked for. */
  readonly expressionEnd: number;
  /** With the punctuation that must follow it. */
  readonly end: number;
}

const OPERATORS = '+-*×/^()÷';
const PUNCTUATION = '.,:)$';

/**
 * Reads arithmetic in a text: a digit, then a run of digits, points, spaces and operators with an operator in it and
 * something behind that, then punctuation, a space or the end of the text. What was found out about a run is kept, since
 * an expression is looked for at every number of it.
 */
export class ArithmeticReader {
  readonly text: string;
  #run = { start: 0, end: 0, last: 0 };
  #operator = { from: 0, at: 0 };

  constructor(text: string) {
    this.text = text;
  }

  /** The expressions that may be read at `position`, the longest first. */
  *at(position: number): Generator<Arithmetic> {
    const bounds = this.#bounds(position);
    if (!bounds) return;
    for (let expressionEnd = bounds.last; expressionEnd >= bounds.shortest; expressionEnd--) {
      const end = this.#punctuationEnd(expressionEnd);
      if (end >= 0) yield { expressionEnd, end };
    }
  }

  /** The last position where an expression may end, and the first. */
  #bounds(position: number): { readonly last: number; readonly shortest: number } | undefined {
    const digit = this.#firstDigit(position);
    if (digit < 0) return undefined;
    const run = this.#runAt(digit + 1);
    const operator = this.#operatorFrom(digit + 1, run.end);
    return operator < run.end && run.last >= operator + 2
      ? { last: run.last, shortest: operator + 2 }
      : undefined;
  }

  /** After a sign, a parenthesis and another sign, each of which may lack. */
  #firstDigit(position: number): number {
    const { text } = this;
    let at = position;
    if (text[at] === '-') at++;
    if (text[at] === '(') at++;
    if (text[at] === '-' && at > position && text[at - 1] === '(') at++;
    return isDigit(text.charCodeAt(at)) ? at : -1;
  }

  #runAt(position: number): { readonly end: number; readonly last: number } {
    if (position >= this.#run.start && position <= this.#run.end) return this.#run;
    let end = position;
    while (end < this.text.length && this.#belongs(end)) end++;
    let last = end;
    while (last > position && this.#punctuationEnd(last) < 0) last--;
    this.#run = { start: position, end, last };
    return this.#run;
  }

  #belongs(position: number): boolean {
    const code = this.text.charCodeAt(position);
    return isDigit(code) || isSpace(code) || code === 0x2e || OPERATORS.includes(this.text[position] ?? '');
  }

  /** `end` where the run has no more. */
  #operatorFrom(position: number, end: number): number {
    if (position >= this.#operator.from && position <= this.#operator.at && this.#operator.at <= end)
      return this.#operator.at;
    let at = position;
    while (at < end && !OPERATORS.includes(this.text[at] ?? '')) at++;
    this.#operator = { from: position, at };
    return at;
  }

  /** End of what must follow an expression that ends at `position`; -1 where something else follows. */
  #punctuationEnd(position: number): number {
    const { text } = this;
    const start = text.startsWith('**', position) ? position + 2 : position;
    if (start >= text.length) return start;
    return PUNCTUATION.includes(text[start] ?? '') || isSpace(text.charCodeAt(start)) ? start + 1 : -1;
  }
}
