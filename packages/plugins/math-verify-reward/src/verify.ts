import type { Expression } from './answer/expression.js';
import { Budget, BudgetExhausted } from './budget.js';
import { compareReadings } from './compare/compare-answers.js';
import type { Decision } from './compare/decision.js';
import { verifyAsMathVerify } from './compat/verify-as-math-verify.js';
import { extractAnswer } from './extract/extract-answer.js';
import type { VerifyOptions } from './options.js';
import { readAnswer, type ReadOutcome } from './read/read-answer.js';
import { readText } from './read-text.js';
import type { Extraction, Verification } from './result.js';

export type * from './answer/expression.js';
export { showExpression } from './answer/show.js';
export { DEFAULT_BUDGET, type BudgetLimits } from './budget.js';
export type { CompareOptions } from './compare/compare-answers.js';
export { RULES } from './compare/rules.js';
export type { Rule } from './compare/decision.js';
export { DEFAULT_COMPAT_SETTINGS, readCompatSettings, type CompatSettings } from './compat/settings.js';
export { MODES, type Mode, type VerifyOptions } from './options.js';
export type { ReadOutcome } from './read/read-answer.js';
export type * from './result.js';

/**
 * Whether the final answer of a completion equals the expected one, why, and what was read on each side. Pure: the same
 * on every machine, without a clock; never throws, whatever the texts hold.
 *
 * @param gold - the expected answer as it stands in the data: plain, LaTeX, or a whole solution
 * @param prediction - whole text of the completion
 */
export function verify(gold: string, prediction: string, options: VerifyOptions = {}): Verification {
  const budget = new Budget(options.budget);
  return guarded(() =>
    options.mode === 'compat'
      ? verifyAsMathVerify(gold, prediction, options, budget)
      : verifyCorrectly(gold, prediction, options, budget),
  );
}

function verifyCorrectly(
  gold: string,
  prediction: string,
  options: VerifyOptions,
  budget: Budget,
): Verification {
  const expected = readText(gold, 'gold', true, budget);
  if ('unreadable' in expected) return { verdict: 'gold-unreadable', reason: expected.unreadable };
  if (gold.trim() === prediction.trim()) {
    // Whatever a completion of these very words is taken for, it says what the gold says.
    const sides = { gold: expected.answer, prediction: expected.answer };
    return { verdict: 'equal', rule: 'same-text', detail: 'both texts are the same', ...sides };
  }
  const words = expected.answer.readings.some(({ kind }) => kind === 'text' || kind === 'choice');
  const found = readText(prediction, 'prediction', words, budget);
  if ('unreadable' in found)
    return { verdict: 'prediction-unreadable', reason: found.unreadable, gold: expected.answer };
  const sides = { gold: expected.answer, prediction: found.answer };
  const { equal, rule, detail } = compareReadings(
    sides.gold.readings,
    sides.prediction.readings,
    options,
    budget,
  );
  if (equal === undefined) return { verdict: 'undecided', reason: detail, ...sides };
  return { verdict: equal ? 'equal' : 'different', rule, detail, ...sides };
}

/**
 * Where the final answer of a text stands, best first; empty where there is none. Mode `correct`.
 *
 * @param role - a gold is more often a bare answer than a text that holds one
 */
export function extract(
  text: string,
  { role = 'prediction' }: { readonly role?: 'gold' | 'prediction' } = {},
): readonly Extraction[] {
  return extractAnswer(text, role);
}

/** Reads one answer, without any text around it. Mode `correct`. Never throws. */
export function parse(answer: string, { budget }: Pick<VerifyOptions, 'budget'> = {}): ReadOutcome {
  try {
    return readAnswer(answer, new Budget(budget));
  } catch (error) {
    return { unreadable: failureText(error) };
  }
}

/** Compares two answers without any text around them: as they stand, or as {@link parse} read them. Never throws. */
export function equal(
  gold: string | readonly Expression[],
  prediction: string | readonly Expression[],
  options: Omit<VerifyOptions, 'mode' | 'compat'> = {},
): EqualOutcome {
  const budget = new Budget(options.budget);
  return guarded((): EqualOutcome => {
    const expected = typeof gold === 'string' ? readAnswer(gold, budget) : { readings: gold };
    if ('unreadable' in expected) return { verdict: 'gold-unreadable', reason: expected.unreadable };
    const found = typeof prediction === 'string' ? readAnswer(prediction, budget) : { readings: prediction };
    if ('unreadable' in found) return { verdict: 'prediction-unreadable', reason: found.unreadable };
    const decision = compareReadings(expected.readings, found.readings, options, budget);
    return outcomeOf(decision);
  });
}

/** A {@link Verification} without the sides. */
export type EqualOutcome =
  | { readonly verdict: 'equal' | 'different'; readonly rule: string; readonly detail: string }
  | { readonly verdict: 'gold-unreadable' | 'prediction-unreadable' | 'undecided'; readonly reason: string };

function outcomeOf({ equal: same, rule, detail }: Decision): EqualOutcome {
  return same === undefined
    ? { verdict: 'undecided', reason: detail }
    : { verdict: same ? 'equal' : 'different', rule, detail };
}

/** Whatever ends a comparison early leaves it undecided: nothing is thrown, and nothing is taken for wrong. */
function guarded<T>(decide: () => T): T | { readonly verdict: 'undecided'; readonly reason: string } {
  try {
    return decide();
  } catch (error) {
    return { verdict: 'undecided', reason: failureText(error) };
  }
}

function failureText(error: unknown): string {
  if (error instanceof BudgetExhausted) return error.message;
  return `the verifier failed: ${error instanceof Error ? error.message : String(error)}`;
}
