import type { AnswerVerification, AnswerVerifier } from '@doppio/core';
import { z } from 'zod';
import { DEFAULT_BUDGET } from './budget.js';
import type { Verification } from './result.js';
import { verify } from './verify.js';

/** How answers are compared; the same for the verifier and the reward. */
export const verifyOptions = {
  mode: z
    .enum(['correct', 'compat'])
    .default('correct')
    .describe('correct: as a mathematician would say; compat: as Math-Verify 0.8 does, its quirks included'),
  roundToGold: z
    .boolean()
    .default(false)
    .describe('mode correct: a decimal may be right to the digits of the gold answer only'),
  budget: z
    .strictObject({
      steps: z.int().positive().default(DEFAULT_BUDGET.steps).describe('Elementary steps'),
      bits: z
        .int()
        .positive()
        .default(DEFAULT_BUDGET.bits)
        .describe('Bits of the largest integer written out'),
      nesting: z.int().positive().default(DEFAULT_BUDGET.nesting).describe('Depth of nested groups'),
    })
    .prefault({})
    .describe('What one verdict may cost, in work, not in time'),
};

export const mathVerifierOptions = z.strictObject(verifyOptions);
export type MathVerifierOptions = z.output<typeof mathVerifierOptions>;

/** The functions of this package as the run's AnswerVerifier. */
export function createMathVerifier(options: MathVerifierOptions): AnswerVerifier {
  return {
    id: 'math-verify',
    verify: (gold, completion) => answerVerification(verify(gold, completion, options)),
  };
}

/** The verdict as core's contract has it. Pure. */
export function answerVerification(result: Verification): AnswerVerification {
  return 'rule' in result
    ? { verdict: result.verdict, reason: `${result.rule}: ${result.detail}` }
    : { verdict: result.verdict, reason: result.reason };
}
