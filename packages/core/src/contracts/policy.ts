import { createToken } from './token.js';
import type { Adapter } from './adapter.js';
import type { Ragged, TokenGroup } from './rollout.js';
import type { Tokenizer } from './text.js';

/** Per-token values of the completions of a batch; rows are the completions, groups one after the other. */
export interface TokenScores {
  /** Natural-log probability of each completion token at the policy's temperature. */
  readonly logProbs: Ragged;
  /** Entropy of the next-token distribution, nats. */
  readonly entropies: Ragged;
  /**
   * [token], as in `logProbs.data`: 1 where the values above were computed, 0 (and zeros above) in groups that the pass
   * skipped for lack of signal. Left out: all were computed.
   */
  readonly scored?: Uint8Array;
}

/** Derivatives of the loss by {@link TokenScores}, same layout. */
export interface TokenGradients {
  /** [token] dLoss/dLogProb, per nat. */
  readonly dLogProbs: Float32Array;
  /** [token] dLoss/dEntropy, per nat. Left out when the loss does not depend on the entropies. */
  readonly dEntropies?: Float32Array;
}

/** What computing on a batch cost and what was saved. All counts are tokens unless said otherwise. */
export interface PolicyMetrics {
  /** Tokens that went through the blocks forward. */
  readonly forwardTokens: number;
  /** Prompt tokens not computed again because a group's prompt is shared. */
  readonly sharedPromptTokens: number;
  /** Padding tokens that a padded batch would have computed. */
  readonly paddingTokensAvoided: number;
  /** Tokens of groups without signal (all derivatives zero) that were not trained on. */
  readonly skippedTokens: number;
  /** Completion tokens whose separate head forward pass was not needed. */
  readonly headForwardTokensSkipped: number;
}

export interface PolicyPassOptions {
  /** Divides the logits before log-softmax. Default 1. */
  readonly temperature?: number;
  /** Use the frozen base model instead of the adapted one (the KL reference). Default false. */
  readonly base?: boolean;
  /** Keys the adapter's dropout masks; without it nothing is dropped. */
  readonly dropoutKey?: { readonly seed: number; readonly step: number };
  readonly signal?: AbortSignal;
}

/** Computes the loss derivatives of completions `first .. first + count` from their scores. */
export type DerivativeOfScores = (
  scores: TokenScores,
  completions: { readonly first: number; readonly count: number },
) => TokenGradients;

/**
 * A causal language model with a trainable adapter: per-token log-probabilities, and the gradient of a loss
 * on them. Holds sessions and a worker: dispose it.
 */
export interface Policy extends AsyncDisposable {
  readonly id: string;
  readonly tokenizer: Tokenizer;
  readonly adapter: Adapter;
  /** Log-probabilities and entropies of every completion token, in nats. */
  readonly score: (
    groups: readonly TokenGroup[],
    options?: PolicyPassOptions,
  ) => Promise<{ readonly scores: TokenScores; readonly metrics: PolicyMetrics }>;
  /**
   * Adds dLoss/dParameter of the batch to `gradients`: one array per adapter parameter, same order, same layout.
   * `derivative` is either known beforehand for every token (then no separate forward pass of the head is
   * needed) or a function of the scores, called once per micro-batch of whole groups.
   * How the batch is cut into micro-batches changes memory, never the result beyond rounding.
   */
  readonly accumulate: (
    groups: readonly TokenGroup[],
    derivative: TokenGradients | DerivativeOfScores,
    gradients: readonly Float32Array[],
    options?: PolicyPassOptions,
  ) => Promise<{ readonly scores: TokenScores; readonly metrics: PolicyMetrics }>;
}
export const Policy = createToken<Policy>('Policy');
