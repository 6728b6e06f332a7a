import {
  DoppioError,
  type Adapter,
  type DerivativeOfScores,
  type Policy,
  type PolicyMetrics,
  type PolicyPassOptions,
  type TokenGradients,
  type TokenGroup,
  type Tokenizer,
  type TokenScores,
} from '@doppio/core';
import type { HostTensor, TensorRef } from '@doppio/runtime';
import { dropoutMasks } from './dropout.js';
import { keptBytesPerToken, type Engine, type Parameters } from './engine.js';
import { GradientSink } from './gradients.js';
import { planMicroBatches, type GroupSlice } from './micro-batch.js';
import { packBatch, type PackedBatch } from './packing.js';
import type { HeadDerivatives } from './head-batch.js';
import {
  backwardBlocks,
  backwardHead,
  forwardBlocks,
  scoreHead,
  wholeStep,
  type BatchFeeds,
} from './passes.js';

export interface OnnxPolicyOptions {
  /** Tokens computed at once; bounds the activations in memory. */
  readonly microBatchTokens: number;
  /** Rows of logits that exist at once. */
  readonly headChunkRows: number;
  /** Activations of a micro-batch are kept for the backward pass up to this size, and computed again above it, MiB. */
  readonly keepActivationsMegabytes: number;
}

export const defaultPolicyOptions: OnnxPolicyOptions = {
  microBatchTokens: 1024,
  headChunkRows: 2048,
  keepActivationsMegabytes: 256,
};

type Pass = { readonly scores: TokenScores; readonly metrics: PolicyMetrics };

/** Policy that trains by blocks on ONNX Runtime; see docs/engine.md. */
export class OnnxPolicy implements Policy {
  readonly id = 'onnx';

  constructor(
    private readonly engine: Engine,
    readonly tokenizer: Tokenizer,
    private readonly options: OnnxPolicyOptions,
  ) {}

  get adapter(): Adapter {
    return this.engine.adapter;
  }

  readonly score = async (groups: readonly TokenGroup[], options: PolicyPassOptions = {}): Promise<Pass> => {
    const batch = new Batch(groups);
    const base = options.base === true;
    using parameters = base ? this.engine.baseParameters() : this.engine.currentParameters();
    for (const slices of planMicroBatches(groups, this.options.microBatchTokens)) {
      options.signal?.throwIfAborted();
      using feeds = this.feeds(batch, slices, options);
      using activations = await forwardBlocks(this.engine, parameters, feeds, base);
      batch.store(
        feeds.batch,
        await scoreHead(
          this.engine,
          parameters,
          activations.hidden.at(-1) as TensorRef,
          feeds.batch,
          options.temperature ?? 1,
          this.options.headChunkRows,
        ),
      );
      batch.count(groups, slices, feeds.batch);
    }
    return batch.result(0);
  };

  readonly accumulate = async (
    groups: readonly TokenGroup[],
    derivative: TokenGradients | DerivativeOfScores,
    gradients: readonly Float32Array[],
    options: PolicyPassOptions = {},
  ): Promise<Pass> => {
    const batch = new Batch(groups);
    const sink = new GradientSink(this.engine.config, this.adapter, gradients);
    using parameters = this.engine.currentParameters();
    const known = typeof derivative === 'function' ? undefined : derivative;
    const signal = groups.map((_, group) => known === undefined || batch.hasSignal(group, known));
    for (const slices of planMicroBatches(
      groups,
      this.options.microBatchTokens,
      (group) => signal[group] === true,
    )) {
      options.signal?.throwIfAborted();
      await this.accumulateSlices(batch, slices, derivative, sink, parameters, options);
      batch.count(groups, slices, this.lastPacked as PackedBatch);
    }
    return batch.result(known === undefined ? 0 : batch.computedTokens);
  };

  /** Whether the micro-batch's activations fit into the allowance. */
  private keeps(packed: PackedBatch): boolean {
    const { config, parts } = this.engine;
    const bytes =
      packed.tokens *
      config.layers *
      keptBytesPerToken(config, parts, packed.padded.prompt + packed.padded.completion);
    return bytes <= this.options.keepActivationsMegabytes * 2 ** 20;
  }

  private lastPacked: PackedBatch | undefined;

  private async accumulateSlices(
    batch: Batch,
    slices: readonly GroupSlice[],
    derivative: TokenGradients | DerivativeOfScores,
    sink: GradientSink,
    parameters: Parameters,
    options: PolicyPassOptions,
  ): Promise<void> {
    const { engine } = this;
    const temperature = options.temperature ?? 1;
    using feeds = this.feeds(batch, slices, options);
    this.lastPacked = feeds.batch;
    const keep = this.keeps(feeds.batch);
    const known = typeof derivative === 'function' ? undefined : batch.pick(feeds.batch, derivative);
    if (keep && known !== undefined) {
      await this.accumulateAtOnce(batch, feeds, known, sink, parameters, temperature);
      return;
    }
    using activations = await forwardBlocks(engine, parameters, feeds, false);
    const last = activations.hidden.at(-1) as TensorRef;
    const derivatives =
      known ??
      (await this.scoreAndDerive(
        batch,
        feeds.batch,
        slices,
        derivative as DerivativeOfScores,
        parameters,
        last,
        temperature,
      ));
    if (derivatives === undefined) return;
    if (keep) {
      await this.accumulateAtOnce(batch, feeds, derivatives, sink, parameters, temperature);
      return;
    }
    using head = await backwardHead(
      engine,
      parameters,
      last,
      feeds.batch,
      derivatives,
      temperature,
      this.options.headChunkRows,
    );
    batch.store(feeds.batch, head.scores);
    const blocks = await backwardBlocks(engine, parameters, feeds, activations, head.dHidden);
    sink.addBlocks(blocks);
    sink.addEnds(head, blocks.dEmbedded, feeds.batch);
  }

  /** The whole model in one run: nothing is computed twice, but all activations are in memory at once. */
  private async accumulateAtOnce(
    batch: Batch,
    feeds: BatchFeeds,
    derivatives: HeadDerivatives,
    sink: GradientSink,
    parameters: Parameters,
    temperature: number,
  ): Promise<void> {
    const { blocks, head } = await wholeStep(this.engine, parameters, feeds, derivatives, temperature);
    batch.store(feeds.batch, head.scores);
    sink.addBlocks(blocks);
    sink.addEnds(head, blocks.dEmbedded, feeds.batch);
  }

  /** Scores a micro-batch and asks for its derivatives; undefined when they are all zero. */
  private async scoreAndDerive(
    batch: Batch,
    packed: PackedBatch,
    slices: readonly GroupSlice[],
    derivative: DerivativeOfScores,
    parameters: Parameters,
    hidden: TensorRef,
    temperature: number,
  ): Promise<HeadDerivatives | undefined> {
    batch.store(
      packed,
      await scoreHead(this.engine, parameters, hidden, packed, temperature, this.options.headChunkRows),
    );
    const derivatives = batch.derive(packed, slices, derivative);
    if (derivatives.dLogProbs.some((d) => d !== 0) || (derivatives.dEntropies?.some((d) => d !== 0) ?? false))
      return derivatives;
    batch.skipped += packed.places.length;
    return undefined;
  }

  private feeds(batch: Batch, slices: readonly GroupSlice[], options: PolicyPassOptions): BatchFeeds {
    const { config, host } = this.engine;
    const packed = packBatch(batch.groups, slices, batch.offsets, batch.firstCompletion, config);
    const limit = config.maxPositions;
    const positions = packed.attention['positions'] as HostTensor;
    for (const position of positions.data as BigInt64Array) {
      if (Number(position) >= limit)
        throw new DoppioError('SEQUENCE_TOO_LONG', {
          what: 'a sequence is longer than the model can place',
          seen: `position ${String(position)}`,
          where: 'policy batch',
          fix: `the model has ${String(limit)} positions; lower training.sampling.maxTokens`,
        });
    }
    const refs: TensorRef[] = [];
    const upload = (tensor: HostTensor): TensorRef => {
      const ref = host.upload(tensor, { transfer: true });
      refs.push(ref);
      return ref;
    };
    const attention = Object.fromEntries(
      Object.entries(packed.attention).map(([name, tensor]) => [name, upload(tensor)]),
    );
    const masks = dropoutMasks(this.engine, packed, options.dropoutKey).map((layer) =>
      Object.fromEntries(Object.entries(layer).map(([name, tensor]) => [name, upload(tensor)])),
    );
    return { attention, batch: packed, masks, [Symbol.dispose]: () => refs.forEach((ref) => ref.dispose()) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}

/** Collects a pass over a batch: scores in the batch's own order, and what was computed and saved. */
class Batch {
  readonly offsets: Int32Array;
  /** Index of each group's first completion. */
  readonly firstCompletion: readonly number[];
  skipped = 0;
  computedTokens = 0;
  private readonly logProbs: Float32Array;
  private readonly entropies: Float32Array;
  private readonly scored: Uint8Array;
  private forwardTokens = 0;
  private sharedPromptTokens = 0;
  private paddingTokensAvoided = 0;

  constructor(readonly groups: readonly TokenGroup[]) {
    const completions = groups.flatMap((group) => group.completions);
    this.offsets = new Int32Array(completions.length + 1);
    completions.forEach((completion, i) => {
      this.offsets[i + 1] = (this.offsets[i] as number) + completion.length;
    });
    let first = 0;
    this.firstCompletion = groups.map((group) => {
      const at = first;
      first += group.completions.length;
      return at;
    });
    const tokens = this.offsets[completions.length] as number;
    this.logProbs = new Float32Array(tokens);
    this.entropies = new Float32Array(tokens);
    this.scored = new Uint8Array(tokens);
  }

  private range(
    group: number,
    first = 0,
    count = (this.groups[group] as TokenGroup).completions.length,
  ): [number, number] {
    const at = (this.firstCompletion[group] as number) + first;
    return [this.offsets[at] as number, this.offsets[at + count] as number];
  }

  /** Whether a group has any gradient; if not, its tokens are counted as skipped. */
  hasSignal(group: number, { dLogProbs, dEntropies }: TokenGradients): boolean {
    const [from, to] = this.range(group);
    const some = (values: Float32Array | undefined): boolean =>
      values !== undefined && values.subarray(from, to).some((d) => d !== 0);
    if (some(dLogProbs) || some(dEntropies)) return true;
    this.skipped += to - from;
    return false;
  }

  store(
    packed: PackedBatch,
    scores: { readonly logProbs: Float32Array; readonly entropies: Float32Array },
  ): void {
    packed.places.forEach((place, i) => {
      this.logProbs[place] = scores.logProbs[i] as number;
      this.entropies[place] = scores.entropies[i] as number;
      this.scored[place] = 1;
    });
  }

  pick(packed: PackedBatch, { dLogProbs, dEntropies }: TokenGradients): HeadDerivatives {
    const at = (values: Float32Array): Float32Array =>
      Float32Array.from(packed.places, (place) => values[place] as number);
    return { dLogProbs: at(dLogProbs), dEntropies: dEntropies === undefined ? undefined : at(dEntropies) };
  }

  /** Asks the caller for the derivatives of each slice's completions. */
  derive(
    packed: PackedBatch,
    slices: readonly GroupSlice[],
    derivative: DerivativeOfScores,
  ): HeadDerivatives {
    const dLogProbs = new Float32Array(packed.places.length);
    let dEntropies: Float32Array | undefined;
    const byPlace = new Map<number, number>();
    packed.places.forEach((place, i) => byPlace.set(place, i));
    for (const slice of slices) {
      const firstCompletion = (this.firstCompletion[slice.group] as number) + slice.first;
      const [from, to] = this.range(slice.group, slice.first, slice.count);
      const offsets = this.offsets
        .slice(firstCompletion, firstCompletion + slice.count + 1)
        .map((offset) => offset - from);
      const result = derivative(
        {
          logProbs: { data: this.logProbs.slice(from, to), offsets },
          entropies: { data: this.entropies.slice(from, to), offsets },
        },
        { first: firstCompletion, count: slice.count },
      );
      for (let place = from; place < to; place += 1) {
        const i = byPlace.get(place) as number;
        dLogProbs[i] = result.dLogProbs[place - from] as number;
        if (result.dEntropies !== undefined)
          (dEntropies ??= new Float32Array(packed.places.length))[i] = result.dEntropies[
            place - from
          ] as number;
      }
    }
    return { dLogProbs, dEntropies };
  }

  count(groups: readonly TokenGroup[], slices: readonly GroupSlice[], packed: PackedBatch): void {
    this.forwardTokens += packed.tokens;
    this.computedTokens += packed.places.length;
    let sequences = 0;
    for (const slice of slices) {
      sequences += slice.count;
      this.sharedPromptTokens += (slice.count - 1) * (groups[slice.group] as TokenGroup).promptIds.length;
    }
    const unpadded =
      packed.tokens +
      slices.reduce(
        (sum, slice) => sum + (slice.count - 1) * (groups[slice.group] as TokenGroup).promptIds.length,
        0,
      );
    this.paddingTokensAvoided += sequences * (packed.padded.prompt + packed.padded.completion) - unpadded;
  }

  result(headForwardTokensSkipped: number): Pass {
    const { forwardTokens, sharedPromptTokens, paddingTokensAvoided } = this;
    return {
      scores: {
        logProbs: { data: this.logProbs, offsets: this.offsets },
        entropies: { data: this.entropies, offsets: this.offsets },
        scored: this.scored,
      },
      metrics: {
        forwardTokens,
        sharedPromptTokens,
        paddingTokensAvoided,
        skippedTokens: this.skipped,
        headForwardTokensSkipped,
      },
    };
  }
}
