import type { GraphBuilder, Value } from '@doppio/graph';
import {
  adaptedLinear,
  blockVectors,
  hasBias,
  projections,
  projectionShape,
  weightName,
  type BlockWeights,
  type Linear,
  type ModelConfig,
  type Projection,
} from '@doppio/models';

/** Which projections of which layers carry a low-rank update, e.g. `layers.0.self_attn.q_proj`. */
export type AdaptedSites = ReadonlySet<string>;

/** Where a decoding graph's weights are: inside of the model file (fast, packed once) or fed with each run. */
export type WeightSource =
  | { readonly kind: 'initializers'; readonly tensor: (name: string) => Float32Array }
  | { readonly kind: 'inputs' };

/** Input name of a low-rank matrix of a layer's projection. */
export const loraInput = {
  a: (layer: number, module: Projection): string => `layers.${String(layer)}.${module}.lora_A`,
  b: (layer: number, module: Projection): string => `layers.${String(layer)}.${module}.lora_B`,
  scale: (layer: number, module: Projection): string => `layers.${String(layer)}.${module}.scale`,
};

export function siteKey(layer: number, module: Projection): string {
  return `${String(layer)}.${module}`;
}

/** Declares (once) and hands out the values of all weights of a model. */
export class GraphWeights {
  private readonly values = new Map<string, Value>();

  constructor(
    private readonly g: GraphBuilder,
    private readonly config: ModelConfig,
    private readonly source: WeightSource,
    private readonly adapted: AdaptedSites,
  ) {}

  /** A weight by checkpoint name. */
  weight(name: string, shape: readonly number[]): Value {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const made =
      this.source.kind === 'inputs'
        ? this.g.input(name, 'float32', shape)
        : this.g.initializer(name, 'float32', shape, this.source.tensor(name));
    this.values.set(name, made);
    return made;
  }

  embedding(): Value {
    return this.weight('model.embed_tokens.weight', [this.config.vocabularySize, this.config.hiddenSize]);
  }

  head(): Value {
    return this.config.tiedHead
      ? this.embedding()
      : this.weight('lm_head.weight', [this.config.vocabularySize, this.config.hiddenSize]);
  }

  finalNorm(): Value {
    return this.weight('model.norm.weight', [this.config.hiddenSize]);
  }

  blockVectors(layer: number): BlockWeights {
    const prefix = `model.layers.${String(layer)}.`;
    return Object.fromEntries(
      Object.entries(blockVectors(this.config)).map(([name, shape]) => [
        name,
        this.weight(prefix + name, shape),
      ]),
    );
  }

  /**
   * Declares all that a block needs outside of a loop's body, and returns the projection function for a builder
   * (the body's, when decoding).
   */
  linear(layer: number): (g: GraphBuilder) => Linear {
    const prefix = `model.layers.${String(layer)}.`;
    const matrices = new Map(
      projections.map((module) => [
        module,
        this.weight(prefix + weightName(module), projectionShape(this.config, module)),
      ]),
    );
    const vectors = this.blockVectors(layer);
    const updates = new Map(
      projections
        .filter((module) => this.adapted.has(siteKey(layer, module)))
        .map((module) => [module, this.lowRank(layer, module)]),
    );
    return (g) =>
      adaptedLinear(g, {
        weight: (module) => matrices.get(module) as Value,
        bias: (module) => (hasBias(this.config, module) ? vectors[`self_attn.${module}.bias`] : undefined),
        lowRank: (module) => updates.get(module),
      });
  }

  private lowRank(
    layer: number,
    module: Projection,
  ): { readonly a: Value; readonly b: Value; readonly scale: Value } {
    const [outFeatures, inFeatures] = projectionShape(this.config, module);
    const rank = `rank_${siteKey(layer, module)}`;
    return {
      a: this.g.input(loraInput.a(layer, module), 'float32', [rank, inFeatures]),
      b: this.g.input(loraInput.b(layer, module), 'float32', [outFeatures, rank]),
      scale: this.g.input(loraInput.scale(layer, module), 'float32', []),
    };
  }
}
