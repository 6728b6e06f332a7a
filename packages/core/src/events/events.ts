/** Summary of an evaluation: pass@1 with its 95 % interval. */
export interface EvaluationSummary {
  readonly benchmark: string;
  readonly problems: number;
  readonly samples: number;
  /** Mean over problems of the fraction of correct samples. */
  readonly pass1: number;
  /** 95 % interval of pass1. */
  readonly interval: readonly [number, number];
  readonly meanCompletionTokens: number;
  readonly truncatedFraction: number;
  /** Completions that could not be graded. */
  readonly ungraded: number;
  readonly seconds: number;
}

/** One optimizer step, as trackers see it. */
export interface StepMetrics {
  /** From 1, as people count. */
  readonly step: number;
  readonly totalSteps: number;
  /** Mean weighted total; null where every reward abstained on the whole batch. */
  readonly reward: number | null;
  /** Mean per reward function; null where it abstained on the whole batch. */
  readonly rewards: Readonly<Record<string, number | null>>;
  readonly rewardStd: number;
  readonly zeroStdFraction: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  /**
   * Nats per token, of the policy at the sampling temperature; mean over the tokens that it scored. Null where every
   * group was skipped for lack of signal.
   */
  readonly entropy: number | null;
  /** Mean |sampler - policy| log-probability of the same token, and the largest; null as with `entropy`. */
  readonly samplerDrift: { readonly mean: number; readonly max: number } | null;
  readonly completionTokens: number;
  readonly meanCompletionTokens: number;
  readonly truncatedFraction: number;
  /** Completion tokens over the whole step's seconds. */
  readonly tokensPerSecond: number;
  readonly seconds: {
    readonly sample: number;
    readonly reward: number;
    readonly train: number;
    readonly total: number;
  };
  /** Estimated seconds until the last step is done. */
  readonly secondsLeft: number;
  /** Whatever else the parts measured, by name. */
  readonly extra: Readonly<Record<string, number>>;
}

interface EventOf<Type extends string> {
  readonly type: Type;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Everything that happens in a run, in order. Trackers switch on `type`. */
export type RunEvent =
  | (EventOf<'run-started'> & {
      readonly directory: string;
      readonly seed: number;
      readonly totalSteps: number;
      readonly resumedFrom: number;
      readonly command?: string;
    })
  | (EventOf<'phase'> & { readonly phase: string; readonly seconds?: number })
  | (EventOf<'sampling'> & {
      readonly step: number;
      readonly tokens: number;
      readonly finished: number;
      readonly total: number;
    })
  | (EventOf<'evaluation-progress'> & {
      readonly name: string;
      readonly finished: number;
      readonly total: number;
    })
  | (EventOf<'evaluation'> & {
      readonly name: 'base' | 'final' | (string & {});
      readonly summary: EvaluationSummary;
    })
  | (EventOf<'step'> & { readonly metrics: StepMetrics })
  | (EventOf<'checkpoint'> & { readonly step: number; readonly path: string })
  | (EventOf<'reward-failed'> & { readonly step: number; readonly reward: string; readonly message: string })
  | (EventOf<'warning'> & { readonly code: string; readonly message: string })
  | (EventOf<'stopping'> & { readonly reason: string })
  | (EventOf<'run-finished'> & {
      readonly status: 'completed' | 'stopped' | 'failed';
      readonly summary: Readonly<Record<string, unknown>>;
    });

/** Distributes over the union, so that each event may be given without its time. */
export type WithoutTime<E> = E extends unknown ? Omit<E, 'time'> : never;
