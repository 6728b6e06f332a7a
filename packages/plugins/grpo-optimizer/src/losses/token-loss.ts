/**
 * One completion as a token loss sees it. Arrays have one value per token; float64.
 * The importance ratio is pi / pi_old of the token, or of the whole sequence (its geometric mean over the tokens, the
 * same value for each of them).
 */
export interface LossCompletion {
  /** [token] log pi */
  readonly logProbs: Float64Array;
  /** [token] log pi - log pi_old; zeros on the first update of a batch. */
  readonly logRatio: Float64Array;
  /** [token] the importance ratio at the level that is configured. */
  readonly ratio: Float64Array;
  /** Whether `ratio` is one value per sequence. */
  readonly sequenceRatio: boolean;
  readonly advantage: number;
  /** [token] weights that correct for the sampler's distribution; undefined when switched off. Constants. */
  readonly correction: Float64Array | undefined;
}

/** Totals over the whole batch, also when a micro-batch of it is computed. */
export interface LossBatch {
  /** Completions, those that are masked included. */
  readonly completions: number;
  /** Tokens trained on. At least 1. */
  readonly tokens: number;
  /** What a completion may have at most, as sampling was configured. */
  readonly maxCompletionLength: number;
}

/** Numbers of the built-in losses; a loss of one's own may read or ignore them. */
export interface LossOptions {
  /** The ratio is clipped below at 1 - epsilonLow. */
  readonly epsilonLow: number;
  /** The ratio is clipped above at 1 + epsilonHigh; `cispo` caps its weights at epsilonHigh itself. */
  readonly epsilonHigh: number;
  /** Two-sided clipping: also the unclipped ratio is at most delta. */
  readonly delta?: number | undefined;
  readonly sapo: { readonly temperaturePositive: number; readonly temperatureNegative: number };
  readonly vespo: {
    readonly kPositive: number;
    readonly lambdaPositive: number;
    readonly kNegative: number;
    readonly lambdaNegative: number;
  };
}

/** What a metric adds up to over completions. */
export type MetricSample =
  | { readonly reduce: 'mean'; readonly sum: number; readonly count: number }
  | { readonly reduce: 'min' | 'max'; readonly value: number };

/** The policy term of one completion. Arrays have one value per token. */
export interface TokenTerms {
  /** [token] loss per token, not yet weighted. */
  readonly loss: Float64Array;
  /** [token] its derivative by the token's importance ratio; left out when it is constant in it. */
  readonly dRatio?: Float64Array;
  /** [token] its derivative by the token's log-probability other than through the ratio; left out when there is none. */
  readonly dLogProb?: Float64Array;
  /** What the completion's tokens are multiplied with so that the sum over all completions is the batch's loss. */
  readonly weight: number;
  /** True when `loss` takes the sampler correction into account already; otherwise tokens are multiplied by it. */
  readonly corrected?: boolean;
  readonly metrics?: Readonly<Record<string, MetricSample>>;
}

/**
 * A token loss: a pure function of one completion. Everything that losses share is done around it: the importance ratio
 * and its chain rule, clipping aside, masks, the sampler correction, KL and the entropy bonus.
 * The function is called for every completion with at least one token that is trained on, and also for those without
 * (arrays of length 0), so that metrics per sequence count them.
 *
 * @example Plain policy gradient with every completion of the same weight (REINFORCE with a group baseline):
 * ```ts
 * const reinforce: TokenLoss = ({ logProbs, advantage }, batch) => ({
 *   loss: logProbs.map((logProb) => -advantage * logProb),
 *   dLogProb: logProbs.map(() => -advantage),
 *   weight: 1 / (batch.completions * Math.max(logProbs.length, 1)),
 * });
 * const optimizer = new GrpoOptimizer({ loss: reinforce });
 * ```
 */
export type TokenLoss = (completion: LossCompletion, batch: LossBatch, options: LossOptions) => TokenTerms;
