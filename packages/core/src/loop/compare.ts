import { pairedDifference } from '../statistics/paired-difference.js';
import { fractionCorrect, type EvaluationResult } from './evaluate.js';

/** Two evaluations of the same problems. */
export interface Comparison {
  /** Mean difference in pass@1, second minus first. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number];
  /** Two-sided, of no difference. */
  readonly pValue: number;
  readonly problems: number;
}

/** Compares problem by problem; only problems that both have count. */
export function compareRuns(first: EvaluationResult, second: EvaluationResult): Comparison {
  const before = new Map(first.problems.map((problem) => [problem.id, fractionCorrect(problem.correct)]));
  const pairs = second.problems.flatMap((problem) => {
    const value = before.get(problem.id);
    return value === undefined ? [] : [{ first: value, second: fractionCorrect(problem.correct) }];
  });
  const result = pairedDifference(
    pairs.map((pair) => pair.first),
    pairs.map((pair) => pair.second),
  );
  return {
    difference: result.difference,
    interval: result.interval,
    pValue: result.pValue,
    problems: pairs.length,
  };
}
