import type { HostTensor, Session, TensorRef } from '@doppio/runtime';
import { gradientName, layerInput } from '@doppio/models';
import type { BatchFeeds } from './batch-feeds.js';
import type { Engine, Parameters } from './engine.js';
import {
  headChunks,
  headFeeds,
  headGradientFeeds,
  HeadScores,
  type HeadChunk,
  type HeadDerivatives,
} from './head-batch.js';
import type { PackedBatch } from './packing.js';

/** Hidden states of a forward pass: each block's input, and the last block's output. */
export interface Activations extends Disposable {
  /** [layer + 1] of [token, hidden] */
  readonly hidden: readonly TensorRef[];
}

/** Runs the blocks. Queued, not awaited: an error surfaces at the first value that is read. */
export async function forwardBlocks(
  engine: Engine,
  parameters: Parameters,
  feeds: BatchFeeds,
  base: boolean,
): Promise<Activations> {
  const session = await (base ? engine.sessions.baseForward() : engine.sessions.forward());
  const hidden: TensorRef[] = [await embed(engine, parameters, feeds)];
  parameters.layers.forEach((layer, i) => {
    const inputs = {
      x: hidden[i] as TensorRef,
      ...layer,
      ...feeds.attention,
      ...feeds.rope,
      ...(base ? {} : feeds.masks[i]),
    };
    hidden.push(session.run(only(session, inputs), { keep: ['y'] }).kept.y);
  });
  const release = (): void => {
    for (const ref of hidden) ref.dispose();
  };
  return { hidden, [Symbol.dispose]: release };
}

async function embed({ sessions }: Engine, parameters: Parameters, feeds: BatchFeeds): Promise<TensorRef> {
  const session = await sessions.embedding();
  return session.run({ 'embed_tokens.weight': parameters.embedding, ids: feeds.batch.ids }, { keep: ['x'] })
    .kept.x;
}

/** The inputs that a session has: what a graph does not need was pruned from it. */
function only<T>(session: Session, feeds: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    session.inputNames.filter((name) => name in feeds).map((name) => [name, feeds[name] as T]),
  );
}

const values = (tensor: HostTensor | undefined): Float32Array => tensor?.data as Float32Array;

/** Log-probabilities and entropies, `chunkRows` rows of logits at a time. */
export async function scoreHead(
  engine: Engine,
  parameters: Parameters,
  hidden: TensorRef,
  batch: PackedBatch,
  temperature: number,
  chunkRows: number,
): Promise<HeadScores> {
  const scores = new HeadScores(batch);
  const session = await engine.sessions.headForward();
  const runs = headChunks(batch, chunkRows).map(async (chunk) => {
    const feeds = { hidden, ...parameters.head, ...headFeeds(batch, chunk, temperature) };
    const result = await session.run(only(session, feeds), { read: ['log_probs', 'entropies'] }).read;
    scores.set(chunk, values(result.log_probs), values(result.entropies));
  });
  await Promise.all(runs);
  return scores;
}

/** Weights outside of the blocks that a `full` adapter trains, besides the embedding. */
const headWeights = ['norm.weight', 'lm_head.weight'] as const;

export interface HeadGradients extends Disposable {
  readonly scores: HeadScores;
  /** [token, hidden] gradient by the last block's output. */
  readonly dHidden: TensorRef;
  /** Gradients of the final norm and the head, when they are trained. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Backward through the head, `chunkRows` rows of logits at a time. */
export async function backwardHead(
  engine: Engine,
  parameters: Parameters,
  hidden: TensorRef,
  batch: PackedBatch,
  derivatives: HeadDerivatives,
  temperature: number,
  chunkRows: number,
): Promise<HeadGradients> {
  const weights = new Map<string, Float32Array>();
  const scores = new HeadScores(batch);
  const { headBackward, headBackwardEntropy } = engine.sessions;
  const session = await (derivatives.dEntropies === undefined ? headBackward() : headBackwardEntropy());
  const trained = engine.parts.full ? headWeights.map(gradientName) : [];
  let dHidden = engine.host.upload({ dtype: 'float32', shape: [1, 1], data: new Float32Array(1) });
  const reads = headChunks(batch, chunkRows).map((chunk) => {
    const feeds = {
      hidden,
      d_hidden_before: dHidden,
      ...parameters.head,
      ...headFeeds(batch, chunk, temperature),
      ...headGradientFeeds(batch, chunk, derivatives),
    };
    const { kept, read } = session.run<'d_hidden', string>(only(session, feeds), {
      keep: ['d_hidden'],
      read: ['log_probs', 'entropies', ...trained],
    });
    dHidden.dispose();
    dHidden = kept.d_hidden;
    return read.then((result) => {
      scores.set(chunk, values(result['log_probs']), values(result['entropies']));
      if (engine.parts.full)
        for (const name of headWeights)
          weights.set(name, addInto(weights.get(name), values(result[gradientName(name)])));
    });
  });
  await Promise.all(reads);
  const last = dHidden;
  return { scores, dHidden: last, weights, [Symbol.dispose]: () => last.dispose() };
}

function addInto(sum: Float32Array | undefined, added: Float32Array): Float32Array {
  if (sum === undefined) return added;
  for (let i = 0; i < added.length; i += 1) sum[i] = (sum[i] as number) + (added[i] as number);
  return sum;
}

export interface BlockGradients {
  /** [layer] gradients of the trained inputs, by input name. */
  readonly layers: readonly ReadonlyMap<string, Float32Array>[];
  /** [token, hidden] gradient by the embeddings. */
  readonly dEmbedded: Float32Array;
}

/** Backward through the blocks, last to first; each computes its own forward pass again. */
export async function backwardBlocks(
  engine: Engine,
  parameters: Parameters,
  feeds: BatchFeeds,
  activations: Activations,
  dHidden: TensorRef,
): Promise<BlockGradients> {
  const { host, config, sessions, trained } = engine;
  const session = await sessions.backward();
  let dy = dHidden;
  const pending: Promise<Record<string, HostTensor>>[] = [];
  for (let layer = config.layers - 1; layer >= 0; layer -= 1) {
    const inputs = {
      x: activations.hidden[layer] as TensorRef,
      d_y: dy,
      ...parameters.layers[layer],
      ...feeds.attention,
      ...feeds.rope,
      ...feeds.masks[layer],
    };
    const run = session.run<'d_x', string>(only(session, inputs), {
      keep: ['d_x'],
      read: trained.map(gradientName),
    });
    if (dy !== dHidden) dy.dispose();
    dy = run.kept.d_x;
    pending.unshift(run.read);
  }
  const dEmbedded = engine.parts.full ? values(await host.read(dy)) : new Float32Array(0);
  const results = await Promise.all(pending);
  dy.dispose();
  return {
    layers: results.map(
      (result) => new Map(trained.map((name) => [name, values(result[gradientName(name)])])),
    ),
    dEmbedded,
  };
}

/** Forward and backward through the whole model in one run, its activations kept inside of the runtime. */
export async function wholeStep(
  engine: Engine,
  parameters: Parameters,
  feeds: BatchFeeds,
  derivatives: HeadDerivatives,
  temperature: number,
): Promise<{ readonly blocks: BlockGradients; readonly head: Pick<HeadGradients, 'scores' | 'weights'> }> {
  const { sessions, trained, config, parts } = engine;
  const { batch } = feeds;
  const session = await (derivatives.dEntropies === undefined ? sessions.step() : sessions.stepEntropy());
  const chunk = headChunks(batch, batch.rows.length)[0] as HeadChunk;
  const x = await embed(engine, parameters, feeds);
  const layers = parameters.layers.flatMap((layer, i) =>
    Object.entries({ ...layer, ...feeds.masks[i] }).map(([name, ref]) => [layerInput(i, name), ref] as const),
  );
  const inputs = {
    x,
    ...Object.fromEntries(layers),
    ...feeds.attention,
    ...feeds.rope,
    ...parameters.head,
    ...headFeeds(batch, chunk, temperature),
    ...headGradientFeeds(batch, chunk, derivatives),
  };
  const ends = parts.full ? [...headWeights, 'x'].map(gradientName) : [];
  const names = Array.from({ length: config.layers }, (_, layer) =>
    trained.map((name) => gradientName(layerInput(layer, name))),
  ).flat();
  const { read } = session.run<never, string>(only(session, inputs), {
    read: ['log_probs', 'entropies', ...ends, ...names],
  });
  x.dispose();
  const result = await read;
  const scores = new HeadScores(batch);
  scores.set(chunk, values(result['log_probs']), values(result['entropies']));
  return {
    blocks: {
      layers: parameters.layers.map(
        (_, layer) =>
          new Map(trained.map((name) => [name, values(result[gradientName(layerInput(layer, name))])])),
      ),
      dEmbedded: parts.full ? values(result[gradientName('x')]) : new Float32Array(0),
    },
    head: {
      scores,
      weights: new Map(
        parts.full ? headWeights.map((name) => [name, values(result[gradientName(name)])] as const) : [],
      ),
    },
  };
}
