import { table } from '../print.js';
import { MATH_VERIFY_MS, verifyTargets, type VerifyBench } from './verify.js';

/** What `npm run bench` prints of verification. */
export function verifyTable(bench: VerifyBench): string {
  const { timesMathVerify, longCompletionsPerSecond } = verifyTargets;
  const verdict = (reached: boolean): string => (reached ? 'reached' : 'missed');
  return table([
    ['VERIFYING ANSWERS', 'MEASURED', 'WANTED', ''],
    [`median of ${String(bench.pairs)} pairs, ms`, bench.median_ms.toFixed(4), '', ''],
    ['99th percentile, ms', bench.p99_ms.toFixed(4), '', ''],
    [
      `times as fast as Math-Verify's ${String(MATH_VERIFY_MS.target)} ms`,
      bench.times_math_verify.toFixed(0),
      `at least ${String(timesMathVerify)}`,
      verdict(bench.times_math_verify >= timesMathVerify),
    ],
    [
      `times as fast as Math-Verify on these pairs (${String(MATH_VERIFY_MS.again)} ms)`,
      bench.times_math_verify_same_pairs.toFixed(0),
      '',
      '',
    ],
    [
      'completions of 4,000 characters per second',
      bench.long_completions_per_second.toFixed(0),
      `at least ${String(longCompletionsPerSecond)}`,
      verdict(bench.long_completions_per_second >= longCompletionsPerSecond),
    ],
  ]);
}
