import { ops, type GraphBuilder, type Value } from '@doppio/graph';

/** Which filters a decoding graph contains; values are inputs, so one graph serves every setting of them. */
export interface SamplingShape {
  readonly greedy: boolean;
  readonly topK: boolean;
  readonly topP: boolean;
  readonly minP: boolean;
  readonly repetitionPenalty: boolean;
}

/** Scalars fed with each run. */
export interface SamplingInputs {
  readonly inverseTemperature: Value;
  readonly topK: Value | undefined;
  readonly topP: Value | undefined;
  readonly minP: Value | undefined;
  readonly penalty: Value | undefined;
}

export function samplingInputs(g: GraphBuilder, shape: SamplingShape): SamplingInputs {
  return {
    inverseTemperature: g.input('inverse_temperature', 'float32', []),
    topK: shape.topK ? g.input('top_k', 'int64', [1]) : undefined,
    topP: shape.topP ? g.input('top_p', 'float32', []) : undefined,
    minP: shape.minP ? g.input('min_p', 'float32', []) : undefined,
    penalty: shape.repetitionPenalty ? g.input('repetition_penalty', 'float32', []) : undefined,
  };
}

export interface Choice {
  /** int64 [row, 1] */
  readonly token: Value;
  /** [row, 1] at temperature 1, unfiltered. */
  readonly logProb: Value;
  /** [row, 1] under the distribution that was sampled from. */
  readonly samplingLogProb: Value;
}

const REMOVED = -1e30;

/**
 * Chooses the next token of each row: logits [row, vocabulary], one uniform [row, 1] per row, tokens seen before as
 * 0 / 1 [row, vocabulary]. Filters in Transformers' order: repetition penalty, temperature, top-k, top-p, min-p.
 */
export function chooseToken(
  g: GraphBuilder,
  logits: Value,
  uniform: Value,
  seen: Value | undefined,
  shape: SamplingShape,
  inputs: SamplingInputs,
): Choice {
  const plain = ops.logSoftmax(g, logits);
  let scores = logits;
  if (seen !== undefined && inputs.penalty !== undefined) {
    const punished = ops.where(
      g,
      ops.less(g, scores, g.scalar('float32', 0)),
      ops.mul(g, scores, inputs.penalty),
      ops.div(g, scores, inputs.penalty),
    );
    scores = ops.where(g, ops.greater(g, seen, g.scalar('float32', 0)), punished, scores);
  }
  if (shape.greedy) {
    const token = g.emit1('ArgMax', [scores], 'int64', ['row', 1], {
      attributes: { axis: { kind: 'int', value: 1 }, keepdims: { kind: 'int', value: 1 } },
    });
    const logProb = ops.gatherElements(g, plain, token);
    return { token, logProb, samplingLogProb: ops.mul(g, logProb, g.scalar('float32', 0)) };
  }
  scores = ops.mul(g, scores, inputs.inverseTemperature);
  if (inputs.topK !== undefined) scores = keepTopK(g, scores, inputs.topK);
  if (inputs.topP !== undefined) scores = keepTopP(g, scores, inputs.topP);
  if (inputs.minP !== undefined) scores = keepMinP(g, scores, inputs.minP);
  const log = ops.logSoftmax(g, scores);
  const token = inverseCdf(g, ops.exp(g, log), uniform);
  return {
    token,
    logProb: ops.gatherElements(g, plain, token),
    samplingLogProb: ops.gatherElements(g, log, token),
  };
}

/** The first token whose cumulative probability exceeds uniform * total. Removed tokens have probability 0. */
function inverseCdf(g: GraphBuilder, probabilities: Value, uniform: Value): Value {
  const cumulative = g.emit1(
    'CumSum',
    [probabilities, g.constant('int64', [1], [1])],
    'float32',
    probabilities.shape,
  );
  const last = g.constant('int64', [1], [-1]);
  const total = ops.slice(g, cumulative, last, g.constant('int64', [1], [2 ** 40]), 1, 1);
  const passed = ops.cast(g, ops.less(g, ops.mul(g, uniform, total), cumulative), 'float32');
  // The first 1 of 0..0 1..1: ArgMax takes the first of equal ones.
  return g.emit1('ArgMax', [passed], 'int64', ['row', 1], {
    attributes: { axis: { kind: 'int', value: 1 }, keepdims: { kind: 'int', value: 1 } },
  });
}

/** Keeps every token that is at least as likely as the k-th, ties included. */
function keepTopK(g: GraphBuilder, scores: Value, k: Value): Value {
  const [best] = g.emit(
    'TopK',
    [scores, k],
    [
      { type: 'float32', shape: ['row', 'k'] },
      { type: 'int64', shape: ['row', 'k'] },
    ],
    { attributes: { axis: { kind: 'int', value: 1 } } },
  ) as [Value, Value];
  const kth = ops.slice(g, best, g.constant('int64', [1], [-1]), g.constant('int64', [1], [2 ** 40]), 1, 1);
  return ops.where(g, ops.less(g, scores, kth), g.scalar('float32', REMOVED), scores);
}

/** Keeps the smallest set of likeliest tokens whose probability reaches p. */
function keepTopP(g: GraphBuilder, scores: Value, p: Value): Value {
  const size = ops.gather(g, ops.shapeOf(g, scores), g.constant('int64', [1], [1]));
  const [sorted, order] = g.emit(
    'TopK',
    [scores, size],
    [
      { type: 'float32', shape: scores.shape },
      { type: 'int64', shape: scores.shape },
    ],
    { attributes: { axis: { kind: 'int', value: 1 } } },
  ) as [Value, Value];
  const probabilities = ops.softmax(g, sorted);
  // Mass before each token: a token stays while it is below p, so the first always does.
  const before = g.emit1('CumSum', [probabilities, g.constant('int64', [1], [1])], 'float32', scores.shape, {
    attributes: { exclusive: { kind: 'int', value: 1 } },
  });
  const kept = ops.where(g, ops.less(g, before, p), sorted, g.scalar('float32', REMOVED));
  return g.emit1('ScatterElements', [scores, order, kept], 'float32', scores.shape, {
    attributes: { axis: { kind: 'int', value: 1 } },
  });
}

/** Keeps tokens at least minP times as likely as the likeliest. */
function keepMinP(g: GraphBuilder, scores: Value, minP: Value): Value {
  const best = ops.reduceMax(g, scores, [1], true);
  const floor = ops.add(g, best, ops.log(g, minP));
  return ops.where(g, ops.less(g, scores, floor), g.scalar('float32', REMOVED), scores);
}
