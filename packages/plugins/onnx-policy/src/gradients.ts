import type { Adapter } from '@doppio/core';
import { lowRankName, projections, type ModelConfig } from '@doppio/models';
import { blockWeightNames, sitePath } from './block-weights.js';
import type { MicroBatchGradients } from './micro-batch-gradients.js';
import type { BlockGradients, HeadGradients } from './passes.js';
import type { PackedBatch } from './packing.js';

/** Adds a micro-batch's gradients to the arrays of the adapter's parameters. */
export class GradientSink {
  private readonly byName: ReadonlyMap<string, Float32Array>;

  constructor(
    private readonly config: ModelConfig,
    private readonly adapter: Adapter,
    gradients: readonly Float32Array[],
  ) {
    this.byName = new Map(
      adapter.parameters.map((parameter, i) => [parameter.name, gradients[i] as Float32Array]),
    );
  }

  add({ blocks, head }: MicroBatchGradients, batch: PackedBatch): void {
    this.addBlocks(blocks);
    this.addEnds(head, blocks.dEmbedded, batch);
  }

  private addBlocks({ layers }: BlockGradients): void {
    layers.forEach((gradients, layer) => {
      if (this.adapter.kind === 'full') {
        for (const [input, name] of blockWeightNames(this.config, layer))
          this.addTo(name, gradients.get(input));
        return;
      }
      for (const module of projections) {
        const update = this.adapter.lowRank(sitePath(layer, module));
        if (update === undefined) continue;
        this.addTo(update.a.name, gradients.get(lowRankName.a(module)));
        this.addTo(update.b.name, gradients.get(lowRankName.b(module)));
      }
    });
  }

  /** Gradients of the model's two ends; only a `full` adapter has any. */
  private addEnds(head: Pick<HeadGradients, 'weights'>, dEmbedded: Float32Array, batch: PackedBatch): void {
    if (this.adapter.kind !== 'full') return;
    const table = 'model.embed_tokens.weight';
    this.addTo('model.norm.weight', head.weights.get('norm.weight'));
    this.addTo(this.config.tiedHead ? table : 'lm_head.weight', head.weights.get('lm_head.weight'));
    const into = this.byName.get(table);
    if (into === undefined) return;
    const ids = batch.ids.data as BigInt64Array;
    const width = this.config.hiddenSize;
    ids.forEach((id, token) => {
      const target = Number(id) * width;
      for (let j = 0; j < width; j += 1)
        into[target + j] = (into[target + j] as number) + (dEmbedded[token * width + j] as number);
    });
  }

  private addTo(name: string, values: Float32Array | undefined): void {
    const into = this.byName.get(name);
    if (into === undefined || values === undefined) return;
    for (let i = 0; i < values.length; i += 1) into[i] = (into[i] as number) + (values[i] as number);
  }
}
