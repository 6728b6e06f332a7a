import type { Benchmark, SamplingParameters } from '@doppio/core';
import { isCorrect } from './answer-check.js';
import { expressionOf, questionOf, valueOf } from './problem.js';
import { uniqueProblems, type ProblemSelection } from './problem-stream.js';

export interface ArithmeticBenchmarkOptions extends ProblemSelection {
  readonly problems: number;
  readonly seed: number;
  /** Completions sampled per problem. */
  readonly samples: number;
  readonly sampling: SamplingParameters;
}

/** Benchmark `arithmetic`: different problems of one split, graded as the reward `arithmetic-answer` does. */
export function createArithmeticBenchmark(options: ArithmeticBenchmarkOptions): Benchmark {
  return {
    id: 'arithmetic',
    samples: options.samples,
    sampling: options.sampling,
    problems: async (signal) => {
      signal.throwIfAborted();
      return Promise.resolve(
        uniqueProblems(options, options.seed, options.problems).map((problem) => ({
          id: expressionOf(problem),
          messages: [{ role: 'user', content: questionOf(problem) }],
          answer: String(valueOf(problem)),
        })),
      );
    },
    grade: ({ answer }, completion) => ({ correct: isCorrect(completion, answer) }),
  };
}
