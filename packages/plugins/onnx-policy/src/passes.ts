import type { HostTensor, Session, TensorRef } from '@doppio/runtime';
import { gradientName } from '@doppio/models';
import type { Engine, Feeds, Parameters } from './engine.js';
import type { PackedBatch } from './packing.js';

/** Uploads that live for one micro-batch. */
export interface BatchFeeds extends Disposable {
  readonly attention: Feeds;
  readonly batch: PackedBatch;
  /** Dropout masks of each layer, when the pass drops anything. */
  readonly masks: readonly Feeds[];
}

/** Hidden states of a forward pass: each block's input, and the last block's output. */
export interface Activations extends Disposable {
  /** [layer + 1] of [token, hidden] */
  readonly hidden: readonly TensorRef[];
  /** [layer] what the keeping backward graph takes instead of computing it again; empty when nothing was kept. */
  readonly kept: readonly Feeds[];
}

/** Which forward pass: of the frozen base, of the adapted model, or of the adapted model with activations kept. */
export type ForwardKind = 'base' | 'plain' | 'keeping';

/** Runs the blocks. Queued, not awaited: an error surfaces at the first value that is read. */
export function forwardBlocks(engine: Engine, parameters: Parameters, feeds: BatchFeeds, kind: ForwardKind): Activations {
  const { sessions } = engine;
  const session = { base: sessions.baseForward, plain: sessions.forward, keeping: sessions.keepingForward }[kind];
  const { kept: embedded } = sessions.embedding.run({ 'embed_tokens.weight': parameters.embedding, ids: feeds.batch.ids }, { keep: ['x'] });
  const hidden: TensorRef[] = [embedded.x];
  const kept: Feeds[] = [];
  parameters.layers.forEach((layer, i) => {
    const inputs = { x: hidden[i] as TensorRef, ...layer, ...feeds.attention, ...engine.rope, ...(kind === 'base' ? {} : feeds.masks[i]) };
    const run = session.run<string>(only(session, inputs), { keep: kind === 'keeping' ? ['y', ...sessions.keptNames] : ['y'] });
    const { y, ...rest } = run.kept as Record<string, TensorRef> & { y: TensorRef };
    hidden.push(y);
    if (kind === 'keeping') kept.push(rest);
  });
  const release = (): void => {
    for (const ref of hidden) ref.dispose();
    for (const layer of kept) for (const ref of Object.values(layer)) ref.dispose();
  };
  return { hidden, kept, [Symbol.dispose]: release };
}

/** The inputs that a session has: what a graph does not need was pruned from it. */
function only<T>(session: Session, feeds: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(session.inputNames.filter((name) => name in feeds).map((name) => [name, feeds[name] as T]));
}

/** Scores of completion tokens, in the packed batch's order. */
export interface HeadScores {
  readonly logProbs: Float32Array;
  readonly entropies: Float32Array;
}

/** Derivatives by {@link HeadScores}, same order. */
export interface HeadDerivatives {
  readonly dLogProbs: Float32Array;
  readonly dEntropies: Float32Array | undefined;
}

interface Chunk {
  readonly from: number;
  readonly to: number;
}

function chunks(count: number, size: number): Chunk[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({ from: i * size, to: Math.min(count, (i + 1) * size) }));
}

function chunkFeeds(batch: PackedBatch, { from, to }: Chunk, temperature: number): Record<string, HostTensor> {
  const int64 = (values: Int32Array, shape: number[]): HostTensor => ({ dtype: 'int64', shape, data: BigInt64Array.from(values.subarray(from, to) as unknown as number[], BigInt) });
  return {
    rows: int64(batch.rows, [to - from]),
    targets: int64(batch.targets, [to - from, 1]),
    inverse_temperature: { dtype: 'float32', shape: [], data: Float32Array.of(1 / temperature) },
  };
}

/** Log-probabilities and entropies, `chunkRows` tokens at a time: the whole batch's logits never exist. */
export async function scoreHead(engine: Engine, parameters: Parameters, hidden: TensorRef, batch: PackedBatch, temperature: number, chunkRows: number): Promise<HeadScores> {
  const scores = { logProbs: new Float32Array(batch.rows.length), entropies: new Float32Array(batch.rows.length) };
  const runs = chunks(batch.rows.length, chunkRows).map(async (chunk) => {
    const { read } = engine.sessions.headForward.run({ hidden, ...parameters.head, ...chunkFeeds(batch, chunk, temperature) }, { read: ['log_probs', 'entropies'] });
    const result = await read;
    scores.logProbs.set(result.log_probs.data as Float32Array, chunk.from);
    scores.entropies.set(result.entropies.data as Float32Array, chunk.from);
  });
  await Promise.all(runs);
  return scores;
}

export interface HeadGradients {
  readonly scores: HeadScores;
  /** [token, hidden] gradient by the last block's output. */
  readonly dHidden: Float32Array;
  /** Gradients of the final norm and the head, when they are trained. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Backward through the head. A prompt's last hidden state predicts every completion's first token, so rows are added up here. */
export async function backwardHead(engine: Engine, parameters: Parameters, hidden: TensorRef, batch: PackedBatch, derivatives: HeadDerivatives, temperature: number, chunkRows: number): Promise<HeadGradients> {
  const { hiddenSize } = engine.config;
  const dHidden = new Float32Array(batch.tokens * hiddenSize);
  const weights = new Map<string, Float32Array>();
  const scores = { logProbs: new Float32Array(batch.rows.length), entropies: new Float32Array(batch.rows.length) };
  const { dLogProbs, dEntropies } = derivatives;
  const session = dEntropies === undefined ? engine.sessions.headBackward : engine.sessions.headBackwardEntropy;
  const trained = engine.parts.full ? (['norm.weight', 'lm_head.weight'] as const) : [];
  for (const chunk of chunks(batch.rows.length, chunkRows)) {
    const column = (values: Float32Array): HostTensor => ({ dtype: 'float32', shape: [chunk.to - chunk.from, 1], data: values.slice(chunk.from, chunk.to) });
    const feeds = { hidden, ...parameters.head, ...chunkFeeds(batch, chunk, temperature), d_log_probs: column(dLogProbs), ...(dEntropies === undefined ? {} : { d_entropies: column(dEntropies) }) };
    const result = await session.run<never, string>(feeds, { read: ['log_probs', 'entropies', 'd_rows', ...trained.map(gradientName)] }).read;
    const data = (name: string): Float32Array => (result[name] as HostTensor).data as Float32Array;
    scores.logProbs.set(data('log_probs'), chunk.from);
    scores.entropies.set(data('entropies'), chunk.from);
    addRows(dHidden, data('d_rows'), batch.rows, chunk.from, hiddenSize);
    for (const name of trained) weights.set(name, addInto(weights.get(name), data(gradientName(name))));
  }
  return { scores, dHidden, weights };
}

function addRows(into: Float32Array, rows: Float32Array, at: Int32Array, from: number, width: number): void {
  for (let i = 0; i * width < rows.length; i += 1) {
    const target = (at[from + i] as number) * width;
    const source = i * width;
    for (let j = 0; j < width; j += 1) into[target + j] = (into[target + j] as number) + (rows[source + j] as number);
  }
}

function addInto(sum: Float32Array | undefined, values: Float32Array): Float32Array {
  if (sum === undefined) return values;
  for (let i = 0; i < values.length; i += 1) sum[i] = (sum[i] as number) + (values[i] as number);
  return sum;
}

export interface BlockGradients {
  /** [layer] gradients of the trained inputs, by input name. */
  readonly layers: readonly ReadonlyMap<string, Float32Array>[];
  /** [token, hidden] gradient by the embeddings. */
  readonly dEmbedded: Promise<Float32Array>;
}

/** Backward through the blocks, last to first. */
export async function backwardBlocks(engine: Engine, parameters: Parameters, feeds: BatchFeeds, activations: Activations, dHidden: Float32Array): Promise<BlockGradients> {
  const { host, config, sessions, trained } = engine;
  let dy = host.upload({ dtype: 'float32', shape: [feeds.batch.tokens, config.hiddenSize], data: dHidden }, { transfer: true });
  const pending: Promise<Record<string, HostTensor>>[] = [];
  for (let layer = config.layers - 1; layer >= 0; layer -= 1) {
    const kept = activations.kept[layer];
    const session = kept === undefined ? sessions.backward : sessions.keepingBackward;
    const inputs = { x: activations.hidden[layer] as TensorRef, d_y: dy, ...parameters.layers[layer], ...feeds.attention, ...engine.rope, ...feeds.masks[layer], ...kept };
    const run = session.run<'d_x', string>(only(session, inputs), { keep: ['d_x'], read: trained.map(gradientName) });
    dy.dispose();
    dy = run.kept.d_x;
    pending.unshift(run.read);
  }
  const dEmbedded = engine.parts.full ? host.read(dy).then(({ data }) => data as Float32Array) : Promise.resolve(new Float32Array(0));
  const results = await Promise.all(pending);
  await dEmbedded;
  dy.dispose();
  return { layers: results.map((result) => new Map(trained.map((name) => [name, (result[gradientName(name)] as HostTensor).data as Float32Array]))), dEmbedded };
}
