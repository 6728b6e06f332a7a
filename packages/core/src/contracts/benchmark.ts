import { createToken } from './token.js';
import type { ChatMessage } from './text.js';
import type { SamplingParameters } from './sampler.js';
import type { ScoredCompletion } from './reward.js';

export interface BenchmarkProblem {
  /** Stable: two runs are compared problem by problem. */
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  /** The expected answer, as shown to people. */
  readonly answer: string;
}

/** Verdict on one completion. `correct` null means that it could not be graded, and why. */
export interface Grade {
  readonly correct: boolean | null;
  readonly reason?: string;
}

/** Problems, prompt, sampling protocol and grading. */
export interface Benchmark {
  readonly id: string;
  /** Completions sampled per problem. */
  readonly samples: number;
  readonly sampling: SamplingParameters;
  readonly problems: (signal: AbortSignal) => Promise<readonly BenchmarkProblem[]>;
  readonly grade: (
    problem: BenchmarkProblem,
    completion: ScoredCompletion,
    signal: AbortSignal,
  ) => Grade | Promise<Grade>;
}
export const Benchmark = createToken<Benchmark>('Benchmark');
