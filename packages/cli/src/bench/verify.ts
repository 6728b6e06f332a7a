import { verify } from '@doppio/math-verify-reward/verify';
import type { VerifyBenchFlags } from '../commands/bench.js';
import { benchPairs, longCompletion } from './verify-pairs.js';

export interface VerifyBench {
  readonly mode: 'correct' | 'compat';
  readonly pairs: number;
  /** Of single verifications, every pair as often as every other. */
  readonly median_ms: number;
  readonly p99_ms: number;
  /** Of the pair whose own median is largest. */
  readonly slowest_pair_ms: number;
  readonly slowest_pair: string;
  readonly long_completion_characters: number;
  readonly long_completions_per_second: number;
  /** Math-Verify's median of 4.4 ms over this one. */
  readonly times_math_verify: number;
  /** Its median on these very pairs, seen before as they are here, over this one. */
  readonly times_math_verify_same_pairs: number;
}

/**
 * Medians of Math-Verify 0.8.0 with latex2sympy2_extended 1.11.0, in milliseconds. 4.4 is what the target is set by; on the
 * pairs here `tools/peers/math_verify.py` measured the other two (one core of an EPYC): 2.3 the first time it sees a pair,
 * 1.4 again, since it and SymPy keep what they have computed.
 */
export const MATH_VERIFY_MS = { target: 4.4, firstTime: 2.3, again: 1.4 };

/** What `npm run bench` asks for. */
export const verifyTargets = { timesMathVerify: 15, longCompletionsPerSecond: 20_000 };

/** Rounds over all pairs, and long completions, before anything is measured: the compiler has to have seen the code. */
const WARM_UP = { rounds: 20, completions: 5000 };

/** Time of verifications, one at a time on one thread. */
export function benchVerify({ mode, rounds }: Pick<VerifyBenchFlags, 'mode' | 'rounds'>): VerifyBench {
  const samples = benchPairs.map(() => new Float64Array(rounds));
  for (let round = -WARM_UP.rounds; round < rounds; round += 1)
    for (const [i, { gold, pred }] of benchPairs.entries()) {
      const started = performance.now();
      verify(gold, pred, { mode });
      if (round >= 0) (samples[i] as Float64Array)[round] = performance.now() - started;
    }
  const all = Float64Array.from(samples.flatMap((each) => [...each])).sort();
  const medians = samples.map((each) => quantile(each.sort(), 0.5));
  const slowest = medians.indexOf(Math.max(...medians));
  const median = quantile(all, 0.5);
  return {
    mode,
    pairs: benchPairs.length,
    median_ms: median,
    p99_ms: quantile(all, 0.99),
    slowest_pair_ms: medians[slowest] ?? NaN,
    slowest_pair: benchPairs[slowest]?.gold ?? '',
    ...longCompletions(mode),
    times_math_verify: MATH_VERIFY_MS.target / median,
    times_math_verify_same_pairs: MATH_VERIFY_MS.again / median,
  };
}

function longCompletions(
  mode: VerifyBenchFlags['mode'],
): Pick<VerifyBench, 'long_completion_characters' | 'long_completions_per_second'> {
  // Different texts and verdicts, so that no cache can help; every other one is wrong.
  const texts = Array.from({ length: 500 }, (_, i) => longCompletion(100 + i));
  const once = (i: number): void => {
    const at = i % texts.length;
    verify(String(100 + at + (i % 2)), texts[at] as string, { mode });
  };
  for (let i = 0; i < WARM_UP.completions; i += 1) once(i);
  // The median of several spells: other work on the machine slows down some of them.
  const spells = Array.from({ length: 9 }, () => {
    const started = performance.now();
    let done = 0;
    while (performance.now() - started < 100) for (let i = 0; i < 100; i += 1) once(done++);
    return (1000 * done) / (performance.now() - started);
  });
  return {
    long_completion_characters: (texts[0] as string).length,
    long_completions_per_second: quantile(Float64Array.from(spells).sort(), 0.5),
  };
}

/** @param sorted - ascending, not empty */
function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
}
