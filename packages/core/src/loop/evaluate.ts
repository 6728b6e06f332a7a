import { withDeadline } from '../async/deadline.js';
import type {
  Benchmark,
  BenchmarkProblem,
  Completion,
  Sampler,
  ScoredCompletion,
  Tokenizer,
} from '../contracts/index.js';
import { errorText, showValue } from '../errors/show-value.js';
import type { EvaluationSummary } from '../events/events.js';
import { passAtOne } from '../statistics/pass-at-one.js';
import { scoredCompletion } from './scored-completion.js';

/** Grading one completion may take this long; then it counts as not graded. */
const GRADE_SECONDS = 60;

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
  /** Told once when a completion could not be graded because the benchmark failed; further ones are only counted. */
  readonly onGradeFailed?: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Samples and grades every problem of a benchmark with the sampler's current adapter. Random numbers depend on the
 * seed, the problem and the sample alone: two models are compared on the same ones.
 */
export async function evaluate(
  benchmark: Benchmark,
  sampler: Sampler,
  { name = benchmark.id, seed, onProgress, onGradeFailed, signal }: EvaluationOptions,
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
  let failures = 0;
  const onFailure = (message: string): void => {
    failures += 1;
    if (failures === 1) onGradeFailed?.(message);
  };
  const graded = await Promise.all(
    problems.map((problem, i) =>
      gradeProblem(
        benchmark,
        problem,
        completions[i] as readonly Completion[],
        sampler.tokenizer,
        onFailure,
        signal,
      ),
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
  onFailure: (message: string) => void,
  signal: AbortSignal,
): Promise<ProblemResult> {
  const scored = completions.map((completion) => scoredCompletion(completion, tokenizer));
  const correct = await Promise.all(
    scored.map((completion) => gradeOne(benchmark, problem, completion, onFailure, signal)),
  );
  return {
    id: problem.id,
    question: problem.messages.at(-1)?.content ?? '',
    answer: problem.answer,
    correct,
    completion: scored[0]?.text ?? '',
  };
}

/** Null where the benchmark gave no verdict, threw or hung: the other problems are graded all the same. */
async function gradeOne(
  benchmark: Benchmark,
  problem: BenchmarkProblem,
  completion: ScoredCompletion,
  onFailure: (message: string) => void,
  signal: AbortSignal,
): Promise<boolean | null> {
  const tooLate = (): Error => new Error(`no verdict after ${String(GRADE_SECONDS)} s`);
  try {
    const { correct } = await withDeadline(GRADE_SECONDS, signal, tooLate, (either) =>
      benchmark.grade(problem, completion, either),
    );
    if (correct === null || typeof correct === 'boolean') return correct;
    throw new TypeError(`the verdict is ${showValue(correct)}, not true, false or null`);
  } catch (error) {
    signal.throwIfAborted();
    onFailure(`benchmark ${benchmark.id}, problem ${problem.id}: ${errorText(error)}`);
    return null;
  }
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
