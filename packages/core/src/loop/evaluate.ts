import type { Benchmark, BenchmarkProblem, Completion, Sampler, Tokenizer } from '../contracts/index.js';
import type { EvaluationSummary } from '../events/events.js';
import { passAtOne } from '../statistics/pass-at-one.js';
import { scoredCompletion } from './scored-completion.js';

/** What happened on one problem. */
export interface ProblemResult {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  /** One entry per sample; null where it could not be graded. */
  readonly correct: readonly (boolean | null)[];
  /** Text of the first sample. */
  readonly completion: string;
}

export interface EvaluationResult {
  readonly summary: EvaluationSummary;
  readonly problems: readonly ProblemResult[];
}

export interface EvaluationOptions {
  /** What results call the benchmark. Default: its id. */
  readonly name?: string;
  readonly seed: number;
  readonly onProgress?: (progress: { readonly finished: number; readonly total: number }) => void;
  readonly signal: AbortSignal;
}

/**
 * Samples and grades every problem of a benchmark with the sampler's current adapter. Random numbers depend on the
 * seed, the problem and the sample alone: two models are compared on the same ones.
 */
export async function evaluate(
  benchmark: Benchmark,
  sampler: Sampler,
  { name = benchmark.id, seed, onProgress, signal }: EvaluationOptions,
): Promise<EvaluationResult> {
  const started = performance.now();
  const problems = await benchmark.problems(signal);
  const prompts = problems.map(({ messages }, index) => ({
    ids: sampler.tokenizer.applyChatTemplate(messages),
    samples: benchmark.samples,
    index,
  }));
  const { completions } = await sampler.sample({
    prompts,
    parameters: benchmark.sampling,
    key: { seed, purpose: `evaluation/${benchmark.id}`, step: 0 },
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const graded = await Promise.all(
    problems.map((problem, i) =>
      gradeProblem(benchmark, problem, completions[i] as readonly Completion[], sampler.tokenizer, signal),
    ),
  );
  const all = completions.flat();
  const { mean, interval } = passAtOne(graded.map(({ correct }) => fractionCorrect(correct)));
  return {
    summary: {
      benchmark: name,
      problems: problems.length,
      samples: benchmark.samples,
      pass1: mean,
      interval,
      meanCompletionTokens: average(all.map(({ ids }) => ids.length)),
      truncatedFraction: average(all.map(({ finishReason }) => (finishReason === 'length' ? 1 : 0))),
      ungraded: graded.flatMap(({ correct }) => correct).filter((verdict) => verdict === null).length,
      seconds: (performance.now() - started) / 1000,
    },
    problems: graded,
  };
}

/** A sample that could not be graded counts as not correct here, and is counted beside it. */
export function fractionCorrect(correct: readonly (boolean | null)[]): number {
  return correct.length === 0 ? 0 : correct.filter((verdict) => verdict === true).length / correct.length;
}

async function gradeProblem(
  benchmark: Benchmark,
  problem: BenchmarkProblem,
  completions: readonly Completion[],
  tokenizer: Tokenizer,
  signal: AbortSignal,
): Promise<ProblemResult> {
  const scored = completions.map((completion) => scoredCompletion(completion, tokenizer));
  const grades = await Promise.all(scored.map((completion) => benchmark.grade(problem, completion, signal)));
  return {
    id: problem.id,
    question: problem.messages.at(-1)?.content ?? '',
    answer: problem.answer,
    correct: grades.map(({ correct }) => correct),
    completion: scored[0]?.text ?? '',
  };
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
