import type { Tokenizer } from '@doppio/core';

/** Replacement characters at the end of a text: bytes of a character that is not complete yet, or never will be. */
const incomplete = /\uFFFD+$/;

/**
 * Turns token ids into text as they come. Only text that further ids cannot change is given: an incomplete
 * UTF-8 sequence is held back until its rest arrives. Costs a few tokens' decoding per push, not the whole text.
 */
export class StreamingDecoder {
  private readonly ids: number[] = [];
  /** The window that is decoded starts here; some text before `read` gives decoders their context. */
  private start = 0;
  /** Ids before this one are complete text. */
  private read = 0;
  /** Characters of the window's text that were given already. */
  private given = 0;
  private complete = '';

  constructor(
    private readonly tokenizer: Pick<Tokenizer, 'decode'>,
    private readonly options: { readonly skipSpecialTokens?: boolean } = {},
  ) {}

  /** Everything given so far. It only ever grows at its end. */
  get text(): string {
    return this.complete;
  }

  /** Takes the next ids; returns the text that became final. */
  push(ids: ArrayLike<number>): string {
    for (const id of Array.from(ids)) this.ids.push(id);
    const window = this.decode(this.start);
    const stable = window.replace(incomplete, '');
    const piece = this.give(stable);
    if (stable.length === window.length) {
      this.start = this.read;
      this.read = this.ids.length;
      this.given = this.decode(this.start).length;
    }
    return piece;
  }

  /** Ends the text: returns what was held back, incomplete characters as U+FFFD. */
  finish(): string {
    return this.give(this.decode(this.start));
  }

  private give(window: string): string {
    const piece = window.slice(this.given);
    this.given = Math.max(this.given, window.length);
    this.complete += piece;
    return piece;
  }

  private decode(from: number): string {
    return this.tokenizer.decode(this.ids.slice(from), this.options);
  }
}
