import type { Reward, RewardReport } from '@doppio/core';
import { z } from 'zod';
import { goldText, rowName } from './gold-row.js';
import { verifyOptions } from './math-verifier.js';
import type { Verification } from './result.js';
import { verify } from './verify.js';

export const accuracyOptions = z.strictObject({
  gold: z.string().min(1).default('answer').describe('Column of the row with the expected answer'),
  ...verifyOptions,
});
export type AccuracyOptions = z.output<typeof accuracyOptions>;

/**
 * Value of one verdict. Null abstains: nothing can be said against a completion whose gold answer could not be read, or
 * whose comparison ran out of its budget.
 */
export const ACCURACY: Readonly<Record<Verification['verdict'], number | null>> = {
  equal: 1,
  different: 0,
  'prediction-unreadable': 0,
  'gold-unreadable': null,
  undecided: null,
};

/** Verdicts that a step counts, as `reward/accuracy/<name>`: nothing is silently 0, and nothing silently missing. */
const COUNTED: Readonly<Partial<Record<Verification['verdict'], string>>> = {
  'prediction-unreadable': 'prediction_unreadable',
  'gold-unreadable': 'gold_unreadable',
  undecided: 'undecided',
};

/**
 * Reward `accuracy`: 1 where a completion's final answer equals the gold answer, 0 where it does not or where there is
 * none; null otherwise. A gold answer that cannot be read is told once, with its row.
 */
export function createAccuracyReward({ gold: column, ...options }: AccuracyOptions): Reward {
  const told = new Set<string>();
  return {
    id: 'accuracy',
    score: ({ row, completions, step, report }) => {
      const gold = goldText(row, column);
      const results = completions.map(({ text }) => verify(gold, text, options));
      if (report !== undefined) count(results, report);
      const unreadable = results.find(({ verdict }) => verdict === 'gold-unreadable');
      if (unreadable?.verdict === 'gold-unreadable' && !told.has(gold)) {
        told.add(gold);
        report?.warn(
          'GOLD_UNREADABLE',
          `the gold answer of the ${rowName(row, column)} cannot be read (step ${String(step + 1)}): ${unreadable.reason}`,
        );
      }
      return results.map(({ verdict }) => ACCURACY[verdict]);
    },
  };
}

function count(results: readonly Verification[], report: RewardReport): void {
  for (const [verdict, name] of Object.entries(COUNTED))
    report.count(name, results.filter((result) => result.verdict === verdict).length);
}
