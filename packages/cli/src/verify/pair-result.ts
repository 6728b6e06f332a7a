import { showExpression, type ReadAnswer, type Verification } from '@doppio/math-verify-reward/verify';

/** What is printed of a pair with --json. Keys are those that programs read: they stay. */
export interface PairResult {
  readonly id?: string | number;
  readonly equal: boolean;
  readonly verdict: Verification['verdict'];
  /** Null where no rule decided: one side could not be read, or the budget ran out. */
  readonly rule: string | null;
  /** As read, the likeliest reading first; null where it was not read. */
  readonly gold: string | null;
  readonly pred: string | null;
  readonly reason: string;
  readonly expected?: boolean;
}

export function pairResult(
  id: string | number | undefined,
  result: Verification,
  expected?: boolean,
): PairResult {
  return {
    ...(id === undefined ? {} : { id }),
    equal: result.verdict === 'equal',
    verdict: result.verdict,
    rule: 'rule' in result ? result.rule : null,
    gold: 'gold' in result && result.gold !== undefined ? asRead(result.gold) : null,
    pred: 'prediction' in result && result.prediction !== undefined ? asRead(result.prediction) : null,
    reason: 'rule' in result ? result.detail : result.reason,
    ...(expected === undefined ? {} : { expected }),
  };
}

/** All readings; where there is none (text that mode compat compares as it stands) the text itself. */
export function asRead({ text, readings }: ReadAnswer): string {
  return readings.length === 0 ? text : readings.map(showExpression).join('  or  ');
}
