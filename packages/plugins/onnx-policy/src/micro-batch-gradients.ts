import type { DerivativeOfScores, TokenGradients } from '@doppio/core';
import type { TensorRef } from '@doppio/runtime';
import type { Batch } from './batch.js';
import type { BatchFeeds } from './batch-feeds.js';
import { keptBytesPerToken, type Engine, type Parameters } from './engine.js';
import type { HeadDerivatives } from './head-batch.js';
import type { GroupSlice } from './micro-batch.js';
import type { PackedBatch } from './packing.js';
import {
  backwardBlocks,
  backwardHead,
  forwardBlocks,
  scoreHead,
  wholeStep,
  type BlockGradients,
  type HeadGradients,
} from './passes.js';

/** What one micro-batch adds to the adapter's gradients. */
export interface MicroBatchGradients {
  readonly blocks: BlockGradients;
  readonly head: Pick<HeadGradients, 'weights'>;
}

export interface GradientPass {
  readonly derivative: TokenGradients | DerivativeOfScores;
  readonly temperature: number;
  readonly headChunkRows: number;
  /** Activations up to this size are kept for the backward pass, bytes. */
  readonly keepBytes: number;
}

/**
 * Scores a micro-batch (into `batch`) and computes its gradients; undefined when all derivatives are zero. In one run
 * of the whole model where its activations may be kept, else by blocks.
 */
export async function microBatchGradients(
  engine: Engine,
  parameters: Parameters,
  feeds: BatchFeeds,
  batch: Batch,
  slices: readonly GroupSlice[],
  { derivative, temperature, headChunkRows, keepBytes }: GradientPass,
): Promise<MicroBatchGradients | undefined> {
  const packed = feeds.batch;
  const keep = activationBytes(engine, packed) <= keepBytes;
  const atOnce = async (derivatives: HeadDerivatives): Promise<MicroBatchGradients> => {
    const step = await wholeStep(engine, parameters, feeds, derivatives, temperature);
    batch.store(packed, step.head.scores);
    return step;
  };
  const known = typeof derivative === 'function' ? undefined : batch.pick(packed, derivative);
  if (keep && known !== undefined) return atOnce(known);

  using activations = await forwardBlocks(engine, parameters, feeds, false);
  const hidden = activations.hidden.at(-1) as TensorRef;
  let derivatives = known;
  if (typeof derivative === 'function') {
    const scores = await scoreHead(engine, parameters, hidden, packed, temperature, headChunkRows);
    batch.store(packed, scores);
    derivatives = batch.derive(packed, slices, derivative);
  }
  if (derivatives === undefined) return undefined;
  if (keep) return atOnce(derivatives);

  using head = await backwardHead(
    engine,
    parameters,
    hidden,
    packed,
    derivatives,
    temperature,
    headChunkRows,
  );
  batch.store(packed, head.scores);
  const blocks = await backwardBlocks(engine, parameters, feeds, activations, head.dHidden);
  return { blocks, head };
}

function activationBytes({ config, parts }: Engine, { tokens, padded }: PackedBatch): number {
  return tokens * config.layers * keptBytesPerToken(config, parts, padded.prompt + padded.completion);
}
