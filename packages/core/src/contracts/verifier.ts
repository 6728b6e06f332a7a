import { createToken } from './token.js';

/** What a verifier found on one answer. Only `equal` and `different` compare two readable answers. */
export type AnswerVerdict = 'equal' | 'different' | 'gold-unreadable' | 'prediction-unreadable' | 'undecided';

export interface AnswerVerification {
  readonly verdict: AnswerVerdict;
  /** Why, in a few words, for people who look at single completions. */
  readonly reason: string;
}

/** Reads the answer out of a completion and compares it with the expected one. */
export interface AnswerVerifier {
  readonly id: string;
  /**
   * Never throws on what `gold` or `completion` contain: an answer that takes too long to compare is `undecided`.
   *
   * @param gold - expected answer as it stands in the data: plain, LaTeX, or a whole solution with a box
   * @param completion - whole text of the completion
   */
  readonly verify: (
    gold: string,
    completion: string,
    signal: AbortSignal,
  ) => AnswerVerification | Promise<AnswerVerification>;
}
export const AnswerVerifier = createToken<AnswerVerifier>('AnswerVerifier');
