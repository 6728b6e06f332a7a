import { GraphBuilder, ops, prune, type Graph, type Value } from '@doppio/graph';
import { decoderBlock, type ModelConfig } from '@doppio/models';
import { cachedAttention, type LayerCache } from './cached-attention.js';
import { chooseToken, samplingInputs, type Choice, type SamplingShape } from './choose.js';
import { GraphWeights, type AdaptedSites, type WeightSource } from './weights.js';

export interface DecodeGraphOptions {
  readonly config: ModelConfig;
  readonly source: WeightSource;
  readonly adapted: AdaptedSites;
  readonly sampling: SamplingShape;
}

export const cacheName = {
  keys: (layer: number): string => `keys.${String(layer)}`,
  values: (layer: number): string => `values.${String(layer)}`,
};

/** Declares the cache inputs of all layers. */
export function cacheInputs(
  g: GraphBuilder,
  config: ModelConfig,
  prefix = 'past.',
  row = 'row',
  past = 'past',
): LayerCache[] {
  return Array.from({ length: config.layers }, (_, layer) => ({
    keys: g.input(prefix + cacheName.keys(layer), 'float32', [
      row,
      config.keyValueHeads,
      past,
      config.headSize,
    ]),
    values: g.input(prefix + cacheName.values(layer), 'float32', [
      row,
      config.keyValueHeads,
      past,
      config.headSize,
    ]),
  }));
}

/**
 * Decodes up to `steps` tokens per row inside one run.
 *
 * Inputs: `steps` int64 []; `tokens` int64 [row, 1], each row's last known token; `last_index` int32 [row], its
 * position; `finished` bool [row, 1]; `uniforms` [steps, row, 1]; `stop_ids` int64 [1, stop]; sampling scalars;
 * rope tables; the cache (and weights, with source `inputs`); with a repetition penalty `seen` [row, vocabulary].
 * Outputs: `tokens`, `log_probs`, `sampling_log_probs` [step, row, 1] and the grown cache. Rows that have finished
 * go on with nothing of use; the loop ends early when all have.
 */
export function decodeGraph({ config, source, adapted, sampling }: DecodeGraphOptions): Graph {
  const g = new GraphBuilder('decode');
  const weights = new GraphWeights(g, config, source, adapted);
  const steps = g.input('steps', 'int64', []);
  const tokens = g.input('tokens', 'int64', ['row', 1]);
  const lastIndex = g.input('last_index', 'int32', ['row']);
  const finished = g.input('finished', 'bool', ['row', 1]);
  const uniforms = g.input('uniforms', 'float32', ['steps', 'row', 1]);
  const stopIds = g.input('stop_ids', 'int64', [1, 'stop']);
  const cos = g.input('rope_cos', 'float32', ['positions', config.headSize / 2]);
  const sin = g.input('rope_sin', 'float32', ['positions', config.headSize / 2]);
  const scalars = samplingInputs(g, sampling);
  const past = cacheInputs(g, config);
  const totalLength = g.input('total_length', 'int32', []);
  const seen = sampling.repetitionPenalty
    ? g.input('seen', 'float32', ['row', config.vocabularySize])
    : undefined;
  const embedding = weights.embedding();
  const head = weights.head();
  const finalNorm = weights.finalNorm();
  const layers = Array.from({ length: config.layers }, (_, layer) => ({
    vectors: weights.blockVectors(layer),
    linear: weights.linear(layer),
  }));
  const batchedShape = g.constant('int64', [3], [0, 1, -1]);

  const flatCache = past.flatMap(({ keys, values }) => [keys, values]);
  const cacheShape = ['row', config.keyValueHeads, 'present', config.headSize];
  const initial = [
    tokens,
    lastIndex,
    totalLength,
    finished,
    ...(seen === undefined ? [] : [seen]),
    ...flatCache,
  ];
  const extents = initial.map((value) => (flatCache.includes(value) ? cacheShape : value.shape));

  const { carried, scanned } = ops.loop(g, steps, initial, extents, (b, iteration, state) => {
    const [token, last, total, done] = state as [Value, Value, Value, Value];
    const seenNow = seen === undefined ? undefined : state[4];
    const cache = state.slice(seen === undefined ? 4 : 5);
    const present: Value[] = [];
    let x = ops.reshape(b, ops.gather(b, embedding, token), ['row', config.hiddenSize]);
    layers.forEach(({ vectors, linear }, layer) => {
      x = b.scope(`layer.${String(layer)}`, () =>
        decoderBlock(
          b,
          config,
          x,
          vectors,
          linear(b),
          (heads) => heads,
          cachedAttention(b, config, {
            newTokens: 1,
            packed: 'row',
            batchedShape,
            lastIndex: last,
            totalLength: total,
            cos,
            sin,
            cache: { keys: cache[2 * layer] as Value, values: cache[2 * layer + 1] as Value },
            onPresent: ({ keys, values }) => present.push(keys, values),
          }),
        ),
      );
    });
    const logits = ops.matmul(b, ops.rmsNorm(b, x, finalNorm, config.rmsNormEpsilon), head, { transB: true });
    const choice = chooseToken(b, logits, ops.gather(b, uniforms, iteration), seenNow, sampling, scalars);
    const stopped = endedRows(b, choice.token, stopIds, done);
    const one = ops.cast(b, b.scalar('int64', 1), 'int32');
    const nextSeen = seenNow === undefined ? [] : [markSeen(b, seenNow, choice)];
    const remaining = ops.reduceMax(
      b,
      ops.sub(b, b.scalar('float32', 1), ops.cast(b, stopped, 'float32')),
      [0, 1],
    );
    return {
      continue: ops.greater(b, remaining, b.scalar('float32', 0.5)),
      carried: [
        choice.token,
        ops.add(b, last, one),
        ops.add(b, total, one),
        stopped,
        ...nextSeen,
        ...present,
      ],
      scanned: [choice.token, choice.logProb, choice.samplingLogProb],
    };
  });

  const names = ['tokens_out', 'log_probs', 'sampling_log_probs'];
  scanned.forEach((value, i) => {
    g.output(names[i] as string, value);
  });
  const cacheOut = carried.slice(seen === undefined ? 4 : 5);
  cacheOut.forEach((value, i) => {
    g.output(`present.${i % 2 === 0 ? cacheName.keys(i >> 1) : cacheName.values(i >> 1)}`, value);
  });
  return prune(g.finish());
}

/** bool [row, 1]: the rows that had finished, and those whose token is a stop token. */
function endedRows(g: GraphBuilder, token: Value, stopIds: Value, done: Value): Value {
  const stops = ops.cast(g, ops.equal(g, token, stopIds), 'float32');
  const either = ops.concat(g, [stops, ops.cast(g, done, 'float32')], 1, 'stop_or_done');
  return ops.greater(g, ops.reduceMax(g, either, [1], true), g.scalar('float32', 0.5));
}

/** Tokens seen, [row, vocabulary] as 0 / 1, with each row's new one. */
function markSeen(g: GraphBuilder, seen: Value, { token, logProb }: Choice): Value {
  // A 1 for each row; the log-probability lends its shape.
  const ones = ops.add(g, ops.mul(g, logProb, g.scalar('float32', 0)), g.scalar('float32', 1));
  return g.emit1('ScatterElements', [seen, token, ones], 'float32', seen.shape, {
    attributes: { axis: { kind: 'int', value: 1 } },
  });
}
