import type {
  Adapter,
  DerivativeOfScores,
  Policy,
  PolicyPassOptions,
  TokenGradients,
  TokenGroup,
  Tokenizer,
} from '@doppio/core';
import type { TensorRef } from '@doppio/runtime';
import { Batch, type Pass } from './batch.js';
import { feedBatch } from './batch-feeds.js';
import type { Engine, Parameters } from './engine.js';
import { GradientSink } from './gradients.js';
import { planMicroBatches } from './micro-batch.js';
import { microBatchGradients } from './micro-batch-gradients.js';
import { forwardBlocks, scoreHead } from './passes.js';
import { spread } from './replicas.js';

export interface OnnxPolicyOptions {
  /** Tokens computed at once, in all replicas together; bounds the activations in memory. */
  readonly microBatchTokens: number;
  /** Rows of logits that exist at once in a replica. */
  readonly headChunkRows: number;
  /**
   * Activations are kept for the backward pass up to this size in all replicas together, and computed again above it,
   * MiB.
   */
  readonly keepActivationsMegabytes: number;
}

export const defaultPolicyOptions: OnnxPolicyOptions = {
  microBatchTokens: 1024,
  headChunkRows: 2048,
  keepActivationsMegabytes: 256,
};

/** Fewer tokens at once than this are slower each, so replicas do not make micro-batches smaller. */
const FEWEST_TOKENS = 256;

interface Replica {
  readonly engine: Engine;
  readonly parameters: Parameters;
}

/** Policy that trains by blocks on ONNX Runtime; see docs/engine.md. Micro-batches are spread over the engines. */
export class OnnxPolicy implements Policy {
  readonly id = 'onnx';

  /** @param engines - replicas: the same model with the same adapter, each in a worker of its own */
  constructor(
    private readonly engines: readonly [Engine, ...Engine[]],
    readonly tokenizer: Tokenizer,
    private readonly options: OnnxPolicyOptions,
  ) {}

  get adapter(): Adapter {
    return this.engines[0].adapter;
  }

  readonly score = async (groups: readonly TokenGroup[], options: PolicyPassOptions = {}): Promise<Pass> => {
    const batch = new Batch(groups);
    const base = options.base === true;
    using loaded = this.load(base);
    const plan = planMicroBatches(groups, this.microBatchTokens);
    await spread(plan, loaded.replicas, async (slices, { engine, parameters }) => {
      options.signal?.throwIfAborted();
      using feeds = feedBatch(engine, batch, slices, options);
      using activations = await forwardBlocks(engine, parameters, feeds, base);
      const scores = await scoreHead(
        engine,
        parameters,
        activations.hidden.at(-1) as TensorRef,
        feeds.batch,
        options.temperature ?? 1,
        this.options.headChunkRows,
      );
      batch.store(feeds.batch, scores);
      batch.count(slices, feeds.batch);
    });
    return batch.result(0);
  };

  readonly accumulate = async (
    groups: readonly TokenGroup[],
    derivative: TokenGradients | DerivativeOfScores,
    gradients: readonly Float32Array[],
    options: PolicyPassOptions = {},
  ): Promise<Pass> => {
    const batch = new Batch(groups);
    const [{ config, adapter }] = this.engines;
    const sink = new GradientSink(config, adapter, gradients);
    using loaded = this.load();
    const known = typeof derivative === 'function' ? undefined : derivative;
    const signal = groups.map((_, group) => known === undefined || batch.hasSignal(group, known));
    const plan = planMicroBatches(groups, this.microBatchTokens, (group) => signal[group] === true);
    const pass = {
      derivative,
      temperature: options.temperature ?? 1,
      headChunkRows: this.options.headChunkRows,
      keepBytes: (this.options.keepActivationsMegabytes * 2 ** 20) / this.engines.length,
    };
    await spread(plan, loaded.replicas, async (slices, { engine, parameters }, turn) => {
      options.signal?.throwIfAborted();
      using feeds = feedBatch(engine, batch, slices, options);
      const found = await microBatchGradients(engine, parameters, feeds, batch, slices, pass);
      batch.count(slices, feeds.batch);
      if (found === undefined) return;
      // In the order of the plan: sums of floating-point numbers depend on it.
      await turn();
      sink.add(found, feeds.batch);
    });
    return batch.result(known === undefined ? 0 : batch.computedTokens);
  };

  /** Uploads the adapter's current values (or leaves it out) to every replica. */
  private load(base = false): Disposable & { readonly replicas: readonly Replica[] } {
    const replicas = this.engines.map((engine) => ({
      engine,
      parameters: base ? engine.baseParameters() : engine.currentParameters(),
    }));
    const release = (): void => replicas.forEach(({ parameters }) => parameters[Symbol.dispose]());
    return { replicas, [Symbol.dispose]: release };
  }

  private get microBatchTokens(): number {
    const { microBatchTokens } = this.options;
    return Math.min(
      microBatchTokens,
      Math.max(FEWEST_TOKENS, Math.ceil(microBatchTokens / this.engines.length)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine[Symbol.asyncDispose]()));
  }
}
