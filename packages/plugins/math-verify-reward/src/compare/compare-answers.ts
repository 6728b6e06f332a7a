import type { Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import type { Comparison, Decision } from './decision.js';
import { RULES } from './rules.js';

export interface CompareOptions {
  /** Round a prediction to the digits of a decimal gold: 1.2345 is then 1.23. Default false. */
  readonly roundToGold?: boolean;
}

/** All rules are asked on every pair of parts: that much more than an elementary step. */
const STEPS_OF_A_COMPARISON = 10;

/** Asks the rules for two answers as they were read. @throws BudgetExhausted */
export function compareExpressions(
  gold: Expression,
  prediction: Expression,
  { roundToGold = false }: CompareOptions,
  budget: Budget,
): Decision {
  let depth = 0;
  const comparison: Comparison = {
    budget,
    roundToGold,
    compare: (a, b) => {
      budget.spend(STEPS_OF_A_COMPARISON);
      budget.allowNesting(depth);
      depth += 1;
      const decision = decide(a, b);
      depth -= 1;
      return decision;
    },
  };
  const decide = (a: Expression, b: Expression): Decision => {
    for (const rule of RULES) {
      const decision = rule.decide(a, b, comparison);
      if (decision !== undefined) return { rule: rule.id, ...decision };
    }
    throw new Error('the last rule decides everything');
  };
  return comparison.compare(gold, prediction);
}

/**
 * Any reading of the one against any of the other, the likeliest first: a notation with two meanings is right in either.
 * What is not equal in any is judged by the likeliest.
 */
export function compareReadings(
  gold: readonly Expression[],
  prediction: readonly Expression[],
  options: CompareOptions,
  budget: Budget,
): Decision {
  let first: Decision | undefined;
  for (const expected of gold)
    for (const found of prediction) {
      const decision = compareExpressions(expected, found, options, budget);
      if (decision.equal === true) return decision;
      first ??= decision;
    }
  return first ?? { equal: undefined, rule: 'kind', detail: 'there is nothing to compare' };
}
