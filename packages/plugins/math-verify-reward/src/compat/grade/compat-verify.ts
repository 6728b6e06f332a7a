import type { Budget } from '../../budget.js';
import type { CompatAnswer } from '../parse.js';
import type { CompatSettings } from '../settings.js';
import { compareExpressions, type CompatRule } from './same-expression.js';

export interface CompatDecision {
  readonly equal: boolean;
  readonly rule: string;
  /** What was compared with what, in words. */
  readonly detail: string;
}

const DETAILS: Readonly<Record<CompatRule, string>> = {
  'undefined-value': 'the gold answer is a division by zero',
  solutions: 'the relation was solved and compared with the set',
  'same-form': 'both are written alike',
  relations: 'both are relations: sides, direction and solutions were compared',
  sets: 'at least one is a set, a tuple or an interval: elements and ends were compared',
  symbols: 'at least one is a symbol: names were compared',
  values: 'both are values: their difference was compared with zero',
};

/** Math-Verify's verify() on what its parse() gave: any value or string of the gold against any of the prediction. */
export function compatVerify(
  gold: CompatAnswer,
  prediction: CompatAnswer,
  settings: CompatSettings,
  budget: Budget,
): CompatDecision {
  let last: CompatDecision | undefined;
  if (gold.value !== undefined && prediction.value !== undefined) {
    const { equal, rule } = compareExpressions(gold.value, prediction.value, settings, budget);
    last = { equal, rule, detail: DETAILS[rule] };
    if (equal) return last;
  }
  const [a, b] = [gold.string?.trim() ?? '', prediction.string?.trim() ?? ''];
  if (a.length > 0 && a === b)
    return { equal: true, rule: 'same-text', detail: 'both were extracted as the same text' };
  return (
    last ?? { equal: false, rule: 'no-common-kind', detail: 'a value can only be compared with a value' }
  );
}
