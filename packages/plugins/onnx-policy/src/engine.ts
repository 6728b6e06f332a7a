import type { Adapter } from '@doppio/core';
import { encodeModel, type Graph } from '@doppio/graph';
import {
  embedding,
  headBackward,
  headForward,
  projectionShape,
  RopeFeeds,
  trainedNames,
  trainingBlockBackward,
  trainingBlockForward,
  trainingStep,
  type ModelConfig,
  type ModelWeights,
  type TrainedParts,
} from '@doppio/models';
import type { RuntimeHost, Session, TensorRef } from '@doppio/runtime';
import { blockWeightNames, trainedParts, uploadLowRank, type UploadedWeights } from './block-weights.js';

export type Feeds = Readonly<Record<string, TensorRef>>;

/** Values that a forward pass needs besides tokens: the frozen weights and one version of the adapter. */
export interface Parameters extends Disposable {
  /** Block inputs of each layer. */
  readonly layers: readonly Feeds[];
  readonly embedding: TensorRef;
  readonly head: Feeds;
}

/** Sessions of the block graphs and the model's weights, in one worker. */
export class Engine implements AsyncDisposable {
  private constructor(
    readonly host: RuntimeHost,
    readonly config: ModelConfig,
    readonly adapter: Adapter,
    readonly parts: TrainedParts,
    /** Trained inputs of a block, in the order of the backward graph's outputs. */
    readonly trained: readonly string[],
    readonly sessions: Sessions,
    private readonly frozen: UploadedWeights,
    readonly rope: RopeFeeds,
  ) {}

  /** Uploads the weights. */
  static create(host: RuntimeHost, config: ModelConfig, weights: ModelWeights, adapter: Adapter): Engine {
    const parts = trainedParts(config, adapter);
    const frozen = new Map<string, TensorRef>();
    for (const [name, { shape, data }] of weights.tensors)
      frozen.set(name, host.upload({ dtype: 'float32', shape, data }));
    const rope = new RopeFeeds(host, config);
    const sessions = lazySessions(host, config, parts);
    return new Engine(host, config, adapter, parts, trainedNames(config, parts), sessions, frozen, rope);
  }

  /** Uploads the adapter's current values. Dispose the result after the pass. */
  currentParameters(): Parameters {
    const { adapter, config, host } = this;
    const owned: TensorRef[] = [];
    const own = (ref: TensorRef): TensorRef => {
      owned.push(ref);
      return ref;
    };
    const full =
      adapter.kind === 'full'
        ? new Map(
            adapter.parameters.map((p) => [
              p.name,
              own(host.upload({ dtype: 'float32', shape: p.shape, data: p.data })),
            ]),
          )
        : undefined;
    const layers = this.layerWeights(full ?? this.frozen).map((feeds, layer) => {
      const lowRank = uploadLowRank(host, adapter, layer, this.parts.lowRank, (module) =>
        projectionShape(config, module),
      );
      Object.values(lowRank).forEach(own);
      return { ...feeds, ...lowRank };
    });
    return {
      layers,
      ...this.ends(full ?? this.frozen),
      [Symbol.dispose]: () => owned.forEach((ref) => ref.dispose()),
    };
  }

  /** The base model's own weights, without any adapter. */
  baseParameters(): Parameters {
    return {
      layers: this.layerWeights(this.frozen),
      ...this.ends(this.frozen),
      [Symbol.dispose]: () => undefined,
    };
  }

  private layerWeights(weights: UploadedWeights): Feeds[] {
    return Array.from({ length: this.config.layers }, (_, layer) =>
      Object.fromEntries(
        blockWeightNames(this.config, layer).map(([input, name]) => [input, weights.get(name) as TensorRef]),
      ),
    );
  }

  private ends(weights: UploadedWeights): Pick<Parameters, 'embedding' | 'head'> {
    const embeddings = weights.get('model.embed_tokens.weight') as TensorRef;
    const head = this.config.tiedHead ? embeddings : (weights.get('lm_head.weight') as TensorRef);
    return {
      embedding: embeddings,
      head: { 'norm.weight': weights.get('model.norm.weight') as TensorRef, 'lm_head.weight': head },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ref of this.frozen.values()) ref.dispose();
    this.rope[Symbol.dispose]();
    await this.host[Symbol.asyncDispose]();
  }
}

/** Measured resident memory of a whole step over what its gradient reads: the runtime frees little in between. */
const KEPT_FACTOR = 4;

/**
 * Bytes that the kept activations of one token take in one layer, estimated from what its gradient reads:
 * two norms, the block's middle, attention's output, padded queries, keys and values, gate and up, low-rank inner
 * states, and the attention weights of a token on `context` others.
 */
export function keptBytesPerToken(config: ModelConfig, parts: TrainedParts, context: number): number {
  const attention = (2 * config.heads + 2 * config.keyValueHeads) * config.headSize + config.heads * context;
  const lowRank = parts.lowRank.length * 32;
  const read = 4 * (3 * config.hiddenSize + 2 * config.innerSize + attention + lowRank);
  return KEPT_FACTOR * read;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** One session per graph; all layers share the blocks'. Each is made when first asked for: most runs need few. */
export interface Sessions {
  readonly embedding: () => Promise<Session>;
  readonly forward: () => Promise<Session>;
  /** Forward without low-rank inputs: the frozen base. */
  readonly baseForward: () => Promise<Session>;
  readonly backward: () => Promise<Session>;
  /** The whole model forward and backward in one run, activations kept inside. */
  readonly step: () => Promise<Session>;
  readonly stepEntropy: () => Promise<Session>;
  readonly headForward: () => Promise<Session>;
  readonly headBackward: () => Promise<Session>;
  readonly headBackwardEntropy: () => Promise<Session>;
}

function lazySessions(host: RuntimeHost, config: ModelConfig, parts: TrainedParts): Sessions {
  const lazy = (name: string, graph: () => Graph): (() => Promise<Session>) =>
    once(() => host.createSession(encodeModel(graph()), { name }));
  const { full } = parts;
  const plain = { lowRank: [], dropout: false, full: false };
  const forward = lazy('block forward', () => trainingBlockForward(config, parts));
  return {
    embedding: lazy('embedding', () => embedding(config)),
    forward,
    baseForward: full ? forward : lazy('base block forward', () => trainingBlockForward(config, plain)),
    backward: lazy('block backward', () => trainingBlockBackward(config, parts)),
    step: lazy('training step', () => trainingStep(config, parts, { entropy: false })),
    stepEntropy: lazy('training step with entropy', () => trainingStep(config, parts, { entropy: true })),
    headForward: lazy('head forward', () => headForward(config)),
    headBackward: lazy('head backward', () => headBackward(config, { full, entropy: false })),
    headBackwardEntropy: lazy('head backward with entropy', () =>
      headBackward(config, { full, entropy: true }),
    ),
  };
}
