import { createToken } from './token.js';
import type { Parameter } from './adapter.js';
import type { Ragged } from './rollout.js';

/** Rewards of a batch: `values[completion][function]`, completions of a group one after the other. */
export interface RewardTable {
  readonly functions: readonly { readonly id: string; readonly weight: number }[];
  /** [completion][function]; null is no verdict. */
  readonly values: readonly (readonly (number | null)[])[];
  /** [group], completions in each group. */
  readonly groupSizes: readonly number[];
}

export interface Advantages {
  /** [completion] */
  readonly advantages: Float32Array;
  /** [completion], weighted sum of rewards; NaN where every function abstained. */
  readonly rewards: Float32Array;
  /** Fraction of groups whose rewards are all equal: they carry no signal. */
  readonly zeroStdFraction: number;
}

/** What a token loss sees. Ragged rows are completions; all share the same offsets. */
export interface TokenLossInput {
  /** Natural-log probabilities of the policy, as it is now. */
  readonly logProbs: Ragged;
  /** Nats. */
  readonly entropies: Ragged;
  /** Log-probabilities before the first update on this batch; undefined on the first one (ratio 1). */
  readonly oldLogProbs?: Ragged;
  /** Under the frozen base model; needed when the KL coefficient is not zero. */
  readonly referenceLogProbs?: Ragged;
  /** As the sampler reported them; used for the sampler-trainer correction. */
  readonly samplingLogProbs?: Ragged;
  /** [completion] */
  readonly advantages: Float32Array;
  /** [completion], 1 = trained on, 0 = masked out as a whole. */
  readonly mask: Uint8Array;
  /** [completion], 1 = ended by its maximum length, not by a stop. */
  readonly truncated: Uint8Array;
  /** Totals over the whole batch, also when this input is one micro-batch of it. */
  readonly batch: {
    /** Completions, masked ones included. */
    readonly completions: number;
    /** Tokens of the completions whose `mask` is 1. */
    readonly activeTokens: number;
    /** Of these, the tokens of completions that are not `truncated`. */
    readonly untruncatedTokens: number;
    /** What sampling was limited to. */
    readonly maxCompletionLength: number;
    /** What {@link Optimizer.batchStatistics} returned for the whole batch. */
    readonly statistics?: Readonly<Record<string, number>>;
  };
}

export interface TokenLossResult {
  /** Of this input alone: those of the micro-batches of a batch add up to the batch's. */
  readonly loss: number;
  /** [token] dLoss/dLogProb */
  readonly dLogProbs: Float32Array;
  /** [token] dLoss/dEntropy; undefined when the loss does not depend on entropies. */
  readonly dEntropies?: Float32Array;
  /** Means over the tokens trained on, e.g. `kl`, `clip_ratio/high`. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface UpdateMetrics {
  /** Euclidean norm of all gradients together, before clipping. */
  readonly gradNorm: number;
  /** Of this update. */
  readonly learningRate: number;
}

/** Advantages, token loss, update and learning-rate schedule. Pure but for its own moments. */
export interface Optimizer {
  readonly id: string;
  /** Updates made on each batch of rollouts. */
  readonly updatesPerBatch: number;
  /** Whether `loss` reads `referenceLogProbs`. */
  readonly needsReference: boolean;
  /** Whether, on the first update of a batch, dLoss does not depend on the values of the log-probabilities. */
  readonly derivativeKnownOnPolicy: boolean;
  readonly advantages: (table: RewardTable) => Advantages;
  /**
   * Where the loss of a micro-batch depends on scores of the whole batch (a quantile of entropies): computes what is
   * needed from them. The batch is then scored before each update and the result passed as `batch.statistics`.
   * Left out where micro-batches are independent.
   */
  readonly batchStatistics?: (input: TokenLossInput) => Readonly<Record<string, number>>;
  readonly loss: (input: TokenLossInput) => TokenLossResult;
  /**
   * Clips `gradients` (one array per parameter, same order, same layout) by their global norm and updates `parameters`
   * in place. `step` counts updates from 0.
   */
  readonly update: (
    parameters: readonly Parameter[],
    gradients: readonly Float32Array[],
    step: number,
    totalSteps: number,
  ) => UpdateMetrics;
  /** The optimizer's own tensors, flat, for checkpoints; empty before the first update. */
  readonly state: () => ReadonlyMap<string, Float32Array>;
  readonly restore: (state: ReadonlyMap<string, Float32Array>) => void;
}
export const Optimizer = createToken<Optimizer>('Optimizer');
