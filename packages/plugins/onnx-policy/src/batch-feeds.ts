import { DoppioError, type PolicyPassOptions } from '@doppio/core';
import type { RopeInputs } from '@doppio/models';
import type { HostTensor, TensorRef } from '@doppio/runtime';
import type { Batch } from './batch.js';
import { dropoutMasks } from './dropout.js';
import type { Engine, Feeds } from './engine.js';
import type { GroupSlice } from './micro-batch.js';
import { packBatch, type PackedBatch } from './packing.js';

/** Uploads that live for one micro-batch. */
export interface BatchFeeds extends Disposable {
  readonly attention: Feeds;
  readonly rope: RopeInputs;
  readonly batch: PackedBatch;
  /** Dropout masks of each layer, when the pass drops anything. */
  readonly masks: readonly Feeds[];
}

/** Packs a micro-batch and uploads what its blocks read. @throws DoppioError SEQUENCE_TOO_LONG */
export function feedBatch(
  engine: Engine,
  { groups, offsets, firstCompletion }: Batch,
  slices: readonly GroupSlice[],
  { dropoutKey }: PolicyPassOptions,
): BatchFeeds {
  const packed = packBatch(groups, slices, offsets, firstCompletion, engine.config);
  const positions = countPositions(packed, engine.config.maxPositions);
  const refs: TensorRef[] = [];
  const upload = (tensors: Readonly<Record<string, HostTensor>>): Feeds =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => {
        const ref = engine.host.upload(tensor, { transfer: true });
        refs.push(ref);
        return [name, ref];
      }),
    );
  return {
    attention: upload(packed.attention),
    rope: engine.rope.upTo(positions),
    batch: packed,
    masks: dropoutMasks(engine, packed, dropoutKey).map(upload),
    [Symbol.dispose]: () => refs.forEach((ref) => ref.dispose()),
  };
}

/** Positions that the longest sequence takes. */
function countPositions({ attention }: PackedBatch, limit: number): number {
  const { data } = attention['positions'] as HostTensor;
  const last = (data as BigInt64Array).reduce((most, position) => Math.max(most, Number(position)), 0);
  if (last < limit) return last + 1;
  throw new DoppioError('SEQUENCE_TOO_LONG', {
    what: 'a sequence is longer than the model can place',
    seen: `position ${String(last)}`,
    where: 'policy batch',
    fix: `the model has ${String(limit)} positions; lower training.sampling.maxTokens`,
  });
}
