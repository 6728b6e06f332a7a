import type {
  Advantages,
  Completion,
  PolicyMetrics,
  PolicyPassOptions,
  Ragged,
  TokenLossInput,
  TokenLossResult,
  TokenScores,
  UpdateMetrics,
} from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';
import type { TrainingOptions, TrainingParts } from './parts.js';
import type { Rollouts } from './rollout.js';

export interface UpdateResult {
  /** Of the first update, where the policy is the one that sampled. */
  readonly scores: TokenScores;
  readonly loss: TokenLossResult;
  readonly update: UpdateMetrics;
  readonly policy: PolicyMetrics;
}

/** What an update reads of a run's parts, options and rollouts. */
type Learner = Pick<TrainingParts, 'policy' | 'optimizer'>;
type UpdateOptions = Pick<TrainingOptions, 'seed' | 'steps' | 'sampling'>;
type Batch = Pick<Rollouts<object>, 'groups' | 'completions'>;

/** Trains on one batch of rollouts: one or several optimizer updates of the adapter, in place. */
export async function updatePolicy(
  parts: Learner,
  options: UpdateOptions,
  rollouts: Batch,
  advantages: Advantages,
  step: number,
  signal: AbortSignal,
): Promise<UpdateResult> {
  const { policy, optimizer } = parts;
  const completions = rollouts.completions.flat();
  const temperature =
    options.sampling.temperature === undefined || options.sampling.temperature === 0
      ? 1
      : options.sampling.temperature;
  const pass = { temperature, signal, dropoutKey: { seed: options.seed, step } };
  const reference = optimizer.needsReference
    ? (await policy.score(rollouts.groups, { temperature, signal, base: true })).scores.logProbs
    : undefined;
  const whole = lossInput(completions, advantages, reference, options);

  let first: { scores: TokenScores; loss: TokenLossResult; policy: PolicyMetrics } | undefined;
  let update: UpdateMetrics = { gradNorm: 0, learningRate: 0 };
  for (let i = 0; i < optimizer.updatesPerBatch; i += 1) {
    const gradients = policy.adapter.parameters.map(({ data }) => new Float32Array(data.length));
    const old = first?.scores.logProbs;
    const input = (scores: TokenScores, statistics?: Readonly<Record<string, number>>): TokenLossInput => ({
      ...whole,
      ...(statistics === undefined ? {} : { batch: { ...whole.batch, statistics } }),
      logProbs: scores.logProbs,
      entropies: scores.entropies,
      ...(old === undefined ? {} : { oldLogProbs: old }),
    });
    const known = i === 0 && optimizer.derivativeKnownOnPolicy;
    const statistics = await batchStatistics(parts, rollouts, pass, input);
    const derivative = known
      ? optimizer.loss(input(unscored(whole)))
      : (scores: TokenScores, range: { first: number; count: number }) =>
          optimizer.loss(cut(input(scores, statistics), range));
    const { scores, metrics } = await policy.accumulate(rollouts.groups, derivative, gradients, pass);
    first ??= { scores, policy: metrics, loss: optimizer.loss(input(scores, statistics)) };
    update = optimizer.update(
      policy.adapter.parameters,
      gradients,
      step * optimizer.updatesPerBatch + i,
      options.steps * optimizer.updatesPerBatch,
    );
  }
  if (first === undefined)
    throw new DoppioError('OPTIMIZER_UPDATES', {
      what: 'an optimizer must make at least one update on each batch',
      where: `optimizer ${optimizer.id}, updatesPerBatch`,
      seen: String(optimizer.updatesPerBatch),
    });
  return { ...first, update };
}

/** Scores the whole batch first where the loss of a micro-batch depends on all of it. */
async function batchStatistics(
  { policy, optimizer }: Learner,
  rollouts: Batch,
  pass: PolicyPassOptions,
  input: (scores: TokenScores) => TokenLossInput,
): Promise<Readonly<Record<string, number>> | undefined> {
  if (optimizer.batchStatistics === undefined) return undefined;
  const { scores } = await policy.score(rollouts.groups, pass);
  return optimizer.batchStatistics(input(scores));
}

type WholeBatch = Omit<TokenLossInput, 'logProbs' | 'entropies' | 'oldLogProbs'> & {
  readonly offsets: Int32Array;
};

function lossInput(
  completions: readonly Completion[],
  { advantages, rewards }: Advantages,
  reference: Ragged | undefined,
  options: UpdateOptions,
): WholeBatch {
  const offsets = new Int32Array(completions.length + 1);
  completions.forEach(({ ids }, i) => {
    offsets[i + 1] = (offsets[i] as number) + ids.length;
  });
  const sampling = new Float32Array(offsets[completions.length] as number);
  completions.forEach(({ samplingLogProbs }, i) => {
    sampling.set(samplingLogProbs, offsets[i]);
  });
  const mask = Uint8Array.from(rewards, (reward) => (Number.isNaN(reward) ? 0 : 1));
  const truncated = Uint8Array.from(completions, ({ finishReason }) => (finishReason === 'length' ? 1 : 0));
  return {
    offsets,
    advantages,
    mask,
    truncated,
    samplingLogProbs: { data: sampling, offsets },
    ...(reference === undefined ? {} : { referenceLogProbs: reference }),
    batch: {
      completions: completions.length,
      activeTokens: countTokens(completions, (i) => mask[i] === 1),
      untruncatedTokens: countTokens(completions, (i) => mask[i] === 1 && truncated[i] === 0),
      maxCompletionLength: options.sampling.maxTokens,
    },
  };
}

function countTokens(completions: readonly Completion[], counts: (completion: number) => boolean): number {
  return completions.reduce((sum, { ids }, i) => sum + (counts(i) ? ids.length : 0), 0);
}

/** Stands for scores whose values do not matter. */
function unscored({ offsets }: WholeBatch): TokenScores {
  const zeros: Ragged = { data: new Float32Array(offsets.at(-1) ?? 0), offsets };
  return { logProbs: zeros, entropies: zeros };
}

/** The part of a batch that a micro-batch holds; its scores come cut already, totals stay those of the batch. */
function cut(
  input: TokenLossInput,
  { first, count }: { readonly first: number; readonly count: number },
): TokenLossInput {
  const rows = <A extends { slice: (from: number, to: number) => A }>(values: A): A =>
    values.slice(first, first + count);
  const tokens = (ragged: Ragged): Ragged => {
    const from = ragged.offsets[first] as number;
    const to = ragged.offsets[first + count] as number;
    return {
      data: ragged.data.slice(from, to),
      offsets: ragged.offsets.slice(first, first + count + 1).map((offset) => offset - from),
    };
  };
  return {
    ...input,
    advantages: rows(input.advantages),
    mask: rows(input.mask),
    truncated: rows(input.truncated),
    ...(input.oldLogProbs === undefined ? {} : { oldLogProbs: tokens(input.oldLogProbs) }),
    ...(input.referenceLogProbs === undefined ? {} : { referenceLogProbs: tokens(input.referenceLogProbs) }),
    ...(input.samplingLogProbs === undefined ? {} : { samplingLogProbs: tokens(input.samplingLogProbs) }),
  };
}
