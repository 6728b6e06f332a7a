import type { Span } from '../../result.js';

/** The text of one LaTeX environment in a place. */
export interface LatexPiece {
  /** Without the delimiters. */
  readonly span: Span;
  /** Whether a percent sign or word follows the environment. */
  readonly percent: boolean;
  /** Which boxes inside count: all, or the last one and those that belong to it. */
  readonly boxes: 'all' | 'last';
}

export interface LatexPlace extends Span {
  readonly type: 'latex';
  /** One to six: `$1$, $2$ and $3$`. */
  readonly pieces: readonly LatexPiece[];
}

/** A number in plain text. */
export interface NumberPlace extends Span {
  readonly type: 'number';
  readonly number: NumberParts;
}

export interface NumberParts {
  /** Where it ends, percent sign and all. */
  readonly end: number;
  /** The digits and separators alone. */
  readonly span: Span;
  /** With its sign and separators; empty for `.5`. */
  readonly integer: string;
  /** With its point or comma; empty for an integer. */
  readonly decimal: string;
  readonly percent: boolean;
}

/** Something like `3*(4+5)` in plain text. */
export interface ArithmeticPlace extends Span {
  readonly type: 'arithmetic';
  readonly span: Span;
}

/** The letter of a choice. */
export interface LetterPlace extends Span {
  readonly type: 'letter';
  readonly span: Span;
}

/** Where an answer may stand; the span of the place itself takes in the words that announce it. */
export type Place = LatexPlace | NumberPlace | ArithmeticPlace | LetterPlace;

/** Finds all places of one sort, from left to right, none overlapping another. */
export interface PlacePattern {
  /** Lower is tried first. */
  readonly priority: number;
  readonly find: (text: string) => readonly Place[];
}

/** How trustworthy each sort of place is, as Math-Verify numbers them. */
export const PRIORITY = {
  hope: 0,
  finalAnswerIs: 50,
  answerColon: 100,
  answer: 200,
  startOfText: 250,
  anywhere: 300,
} as const;
