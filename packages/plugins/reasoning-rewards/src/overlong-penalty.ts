import { DoppioError, type Reward } from '@doppio/core';
import { z } from 'zod';

export interface OverlongPenaltyOptions {
  /** Tokens from which on the penalty is -1: the run's maximum completion length. */
  readonly maxLength: number;
  /** Tokens before `maxLength` over which the penalty grows. */
  readonly cache: number;
}

export const overlongPenaltyOptions = z
  .strictObject({ maxLength: z.number().int().min(1), cache: z.number().int().min(1) })
  .refine(({ maxLength, cache }) => cache <= maxLength, { message: 'cache must not exceed maxLength' });

/**
 * Soft overlong punishment of DAPO (2503.14476, equation 13), in tokens: 0 up to `maxLength - cache`, then linear down
 * to -1 at `maxLength`, -1 beyond.
 *
 * @throws DoppioError REWARD_OPTIONS when the cache is not between 1 and `maxLength`
 */
export function overlongPenalty(length: number, { maxLength, cache }: OverlongPenaltyOptions): number {
  if (!(cache >= 1 && cache <= maxLength))
    throw new DoppioError('REWARD_OPTIONS', {
      what: 'The overlong penalty needs a cache between 1 and its maximum length.',
      where: 'reward overlong_penalty',
      seen: `cache ${String(cache)}, maxLength ${String(maxLength)}`,
      fix: 'Give maxLength as in the sampling options, and a cache of a fraction of it.',
    });
  return Math.max(-1, Math.min(0, (maxLength - cache - length) / cache));
}

export function createOverlongPenaltyReward(options: OverlongPenaltyOptions): Reward {
  return {
    id: 'overlong_penalty',
    score: ({ completions }) => completions.map(({ ids }) => overlongPenalty(ids.length, options)),
  };
}
