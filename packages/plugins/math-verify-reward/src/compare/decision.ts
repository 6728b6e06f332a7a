import type { Budget } from '../budget.js';
import type { Expression } from '../answer/expression.js';

/** What a rule says of two answers. `equal` is undefined where neither could be shown. */
export interface Decision {
  readonly equal: boolean | undefined;
  /** Id of the rule that decided. */
  readonly rule: string;
  /** What it saw, for a person. */
  readonly detail: string;
}

/** What a rule works with: its means of comparing parts, and the options. */
export interface Comparison {
  readonly budget: Budget;
  /** A prediction may be rounded to the digits of a decimal gold. */
  readonly roundToGold: boolean;
  /** The whole table of rules on two parts. */
  readonly compare: (gold: Expression, prediction: Expression) => Decision;
}

/** One row of the table of rules. */
export interface Rule {
  readonly id: string;
  /** What it says, in one sentence: the row of the README's table. */
  readonly says: string;
  /** Gold and prediction that it decides, and how. */
  readonly example: readonly [gold: string, prediction: string, equal: boolean];
  /** Undefined: the rule has nothing to say, the next one is asked. */
  readonly decide: (
    gold: Expression,
    prediction: Expression,
    comparison: Comparison,
  ) => Omit<Decision, 'rule'> | Decision | undefined;
}

export const same = (detail: string): Omit<Decision, 'rule'> => ({ equal: true, detail });
export const different = (detail: string): Omit<Decision, 'rule'> => ({ equal: false, detail });
export const undecided = (detail: string): Omit<Decision, 'rule'> => ({ equal: undefined, detail });

/**
 * All parts pairwise, in order. Different as soon as one pair is; undecided if none is different but one is undecided.
 *
 * @param gold - as many as `prediction`
 */
export function comparePairs(
  gold: readonly Expression[],
  prediction: readonly Expression[],
  { compare }: Comparison,
): Omit<Decision, 'rule'> {
  let open: Decision | undefined;
  for (const [index, expected] of gold.entries()) {
    const found = prediction[index];
    if (found === undefined) return different(`there is no part ${String(index + 1)}`);
    const decision = compare(expected, found);
    if (decision.equal === false) return different(`part ${String(index + 1)}: ${decision.detail}`);
    if (decision.equal === undefined) open ??= decision;
  }
  return open === undefined ? same('every part is equal, in order') : undecided(open.detail);
}

/** All parts in any order: each of the gold's finds its own partner. */
export function compareUnordered(
  gold: readonly Expression[],
  prediction: readonly Expression[],
  comparison: Comparison,
): Omit<Decision, 'rule'> {
  if (gold.length !== prediction.length)
    return different(`${String(gold.length)} parts are expected, there are ${String(prediction.length)}`);
  const left = [...prediction];
  let open: Decision | undefined;
  for (const [index, expected] of gold.entries()) {
    // In the written order first: most answers keep it, and then each finds its partner at once.
    let partner = -1;
    for (let i = 0; i < left.length && partner < 0; i += 1) {
      comparison.budget.spend();
      const decision = comparison.compare(expected, left[i] as Expression);
      if (decision.equal === true) partner = i;
      else if (decision.equal === undefined) open ??= decision;
    }
    if (partner < 0)
      return open === undefined
        ? different(`part ${String(index + 1)} has no equal`)
        : undecided(open.detail);
    left.splice(partner, 1);
  }
  return same('every part has its equal, in any order');
}

/** Without those that equal an earlier one: {1, 1, 2} is {1, 2}. */
export function distinct(parts: readonly Expression[], { compare }: Comparison): readonly Expression[] {
  const kept: Expression[] = [];
  for (const part of parts) if (!kept.some((other) => compare(other, part).equal === true)) kept.push(part);
  return kept;
}
