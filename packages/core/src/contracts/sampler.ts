import { createToken } from './token.js';
import type { Adapter } from './adapter.js';
import type { Completion } from './rollout.js';
import type { Tokenizer } from './text.js';

/** How next tokens are drawn. Filters apply in Transformers' order: repetition penalty, temperature, top-k, top-p, min-p. */
export interface SamplingParameters {
  /** 0 is greedy. Default 1. */
  readonly temperature?: number;
  /** Keep the k likeliest tokens (and whatever ties with the k-th); 0 is off. */
  readonly topK?: number;
  /** Keep the smallest set of likeliest tokens with this probability; 1 is off. */
  readonly topP?: number;
  /** Keep tokens at least this fraction as likely as the likeliest; 0 is off. */
  readonly minP?: number;
  /** Divides (multiplies, if negative) the logits of tokens seen before; 1 is off. */
  readonly repetitionPenalty?: number;
  /** Tokens a completion may have at most, the stop token counted. */
  readonly maxTokens: number;
  /** End a completion; default the model's own. An empty list means that none does. */
  readonly stopIds?: readonly number[];
  /** End a completion once its text contains one of them. */
  readonly stopStrings?: readonly string[];
}

/** A prompt to complete `samples` times. */
export interface SamplePrompt {
  /** [token] */
  readonly ids: Int32Array;
  readonly samples: number;
  /** Part of the random numbers' key: the prompt's place in the step (or in the benchmark). */
  readonly index: number;
}

export interface SampleRequest {
  readonly prompts: readonly SamplePrompt[];
  readonly parameters: SamplingParameters;
  /** With (prompt, sample, position) these key the random numbers; see `uniformAt` in `random/keyed.ts`. */
  readonly key: { readonly seed: number; readonly purpose: string; readonly step: number };
  /** Called as tokens appear; `tokens` counts all completion tokens so far. */
  readonly onProgress?: (progress: {
    readonly tokens: number;
    readonly finished: number;
    readonly total: number;
  }) => void;
  /** Called with the new ids of one completion as they appear (for streaming). */
  readonly onTokens?: (prompt: number, sample: number, ids: Int32Array) => void;
  readonly signal?: AbortSignal;
}

export interface SampleResult {
  /** [prompt][sample], in the order of the request. */
  readonly completions: readonly (readonly Completion[])[];
  readonly metrics: {
    /** Prompt tokens computed (once per prompt). */
    readonly prefillTokens: number;
    /** Prompt tokens not computed again for further samples of a prompt. */
    readonly sharedPromptTokens: number;
    readonly completionTokens: number;
    /** Token slots decoded after their row had finished. */
    readonly idleTokens: number;
    readonly prefillSeconds: number;
    readonly decodeSeconds: number;
  };
}

/** Prompts and an adapter in, completions with log-probabilities out. Holds sessions and a worker: dispose it. */
export interface Sampler extends AsyncDisposable {
  readonly id: string;
  readonly tokenizer: Tokenizer;
  /** The same (key, prompt index, sample) gives the same completion, whatever else is in the request. */
  readonly sample: (request: SampleRequest) => Promise<SampleResult>;
  /** Takes the adapter's current values from now on (undefined: the bare base model). No session is rebuilt. */
  readonly setAdapter: (adapter: Adapter | undefined, signal?: AbortSignal) => Promise<void>;
}
export const Sampler = createToken<Sampler>('Sampler');
