import type { ImportanceLevel } from './importance-ratio.js';
import type { SamplerCorrection } from './sampler-correction.js';
import type { LossOptions, TokenLoss } from './token-loss.js';

/** A token loss with everything that is done around it. */
export interface LossSettings extends LossOptions {
  readonly loss: TokenLoss;
  readonly importanceSamplingLevel: ImportanceLevel;
  /** Coefficient of the KL to the frozen base; 0 switches it off. */
  readonly beta: number;
  /** Multiplies the KL with the importance ratio, which makes its gradient unbiased (DeepSeek-V3.2, arXiv 2512.02556). */
  readonly useBiasCorrectionKl: boolean;
  /** Coefficient of the mean entropy, which is subtracted from the loss; 0 switches it off. */
  readonly entropyCoefficient: number;
  /** Fraction of tokens, those with the highest entropy, whose policy term counts; 1 is all of them. */
  readonly topEntropyQuantile: number;
  readonly samplerCorrection?: SamplerCorrection | undefined;
  readonly offPolicyMaskThreshold?: number | undefined;
  /** Leaves completions out that ended by their maximum length. */
  readonly maskTruncated: boolean;
}
