import type { Expression } from './answer/expression.js';

/** Half-open range of UTF-16 units in the text that was given. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where in a text an answer stood, in falling order of trust. */
export type AnswerSource =
  /** `\boxed{...}` or `\fbox{...}`, one or several that belong together. */
  | 'box'
  /** After `####`, or between answer tags. */
  | 'marker'
  /** After words that announce it: "the final answer is", "Answer:". */
  | 'announcement'
  /** The last formula. */
  | 'formula'
  /** The last number or plain expression. */
  | 'plain'
  /** The whole text. */
  | 'whole'
  /** A match of Math-Verify's patterns, in mode `compat`. */
  | 'match';

/** A piece of the text that is taken for the answer, not yet read. */
export interface Extraction {
  /** What stood in each place, without its wrapping: more than one where several boxes belong together. */
  readonly parts: readonly string[];
  /** From the start of the first part to the end of the last, without their wrapping. */
  readonly span: Span;
  readonly source: AnswerSource;
}

/** One side of a comparison, as it was read. */
export interface ReadAnswer {
  /** What was read, as it stands in the text. */
  readonly text: string;
  readonly span: Span;
  readonly source: AnswerSource;
  /**
   * What it may mean, the likeliest first; more than one only where the notation itself is ambiguous: `3,14` is two
   * answers or a decimal.
   */
  readonly readings: readonly Expression[];
}

/** Either the verdict on two answers that were read, or which side kept it from being made, and why. */
export type Verification =
  | {
      readonly verdict: 'equal' | 'different';
      /** Name of the rule that decided: a row of the table in the README. */
      readonly rule: string;
      /** What that rule saw, in words for a person. */
      readonly detail: string;
      readonly gold: ReadAnswer;
      readonly prediction: ReadAnswer;
    }
  | { readonly verdict: 'gold-unreadable'; readonly reason: string }
  | { readonly verdict: 'prediction-unreadable'; readonly reason: string; readonly gold: ReadAnswer }
  | {
      readonly verdict: 'undecided';
      /** What ran out, or why neither equality nor difference could be shown. */
      readonly reason: string;
      readonly gold?: ReadAnswer;
      readonly prediction?: ReadAnswer;
    };
