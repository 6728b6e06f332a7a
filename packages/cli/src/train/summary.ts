import type { Comparison, EvaluationSummary, TrainingResult } from '@doppio/core';

/** What `summary.json` holds. */
export interface RunSummary {
  readonly status: TrainingResult['status'];
  readonly seed: number;
  readonly steps: number;
  readonly base: Readonly<Record<string, EvaluationSummary>>;
  readonly final: Readonly<Record<string, EvaluationSummary>>;
  readonly comparisons: Readonly<Record<string, Comparison>>;
  readonly completion_tokens: number;
  /** By phase, all attempts together; `total` of this attempt. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly peak_rss_mb: number;
  readonly adapter: string;
}

export function summarise(
  result: TrainingResult,
  facts: { readonly seed: number; readonly adapter: string; readonly seconds: number },
): RunSummary {
  const summaries = (results: TrainingResult['base']): Record<string, EvaluationSummary> =>
    Object.fromEntries(Object.entries(results).map(([id, { summary }]) => [id, summary]));
  return {
    status: result.status,
    seed: facts.seed,
    steps: result.steps,
    base: summaries(result.base),
    final: summaries(result.final),
    comparisons: result.comparisons,
    completion_tokens: result.completionTokens,
    seconds: { ...result.seconds, total: facts.seconds },
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    adapter: facts.adapter,
  };
}
