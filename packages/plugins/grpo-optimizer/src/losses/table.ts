import { constantLength, meanOfSequenceMeans, meanOfSequenceSums, meanOfTokens } from './aggregation.js';
import { cispoLoss } from './cispo.js';
import { clippedLoss } from './clipped.js';
import { sapoLoss } from './sapo.js';
import type { TokenLoss } from './token-loss.js';
import { vespoLoss } from './vespo.js';

/**
 * The losses that configuration may name. `bnpo` and `dapo` differ in TRL only in that bnpo divides by the tokens of a
 * micro-batch; here totals are always those of the whole batch, so the two are the same.
 */
export const tokenLosses = {
  grpo: clippedLoss(meanOfSequenceMeans),
  bnpo: clippedLoss(meanOfTokens),
  dr_grpo: clippedLoss(constantLength),
  dapo: clippedLoss(meanOfTokens),
  cispo: cispoLoss,
  sapo: sapoLoss,
  luspo: clippedLoss(meanOfSequenceSums),
  vespo: vespoLoss,
} as const satisfies Readonly<Record<string, TokenLoss>>;

export type TokenLossName = keyof typeof tokenLosses;

export const tokenLossNames = Object.keys(tokenLosses) as readonly TokenLossName[];
