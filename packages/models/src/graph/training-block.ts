import {
  differentiate,
  GraphBuilder,
  ops,
  prune,
  type Cotangent,
  type Graph,
  type Value,
} from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';
import { blockVectors, decoderBlock, projectionShape, type Projection } from './block.js';
import { declareHead, headGradient } from './head.js';
import { adaptedLinear, hasBias, weightName, type LinearSources } from './linear.js';
import { lowRankGradients, mergedLinear, type MergedSite } from './merged-linear.js';
import { packedAttention, packedAttentionInputs, type PackedAttentionInputs } from './packed-attention.js';

/** What of a block is trained, and so which gradients its backward graph returns. */
export interface TrainedParts {
  /** Projections with a low-rank update. */
  readonly lowRank: readonly Projection[];
  /** Projections' low-rank inputs are masked by dropout. */
  readonly dropout: boolean;
  /** Every weight of the block is trained. */
  readonly full: boolean;
}

/** Names of a projection's low-rank inputs. */
export const lowRankName = {
  a: (module: Projection): string => `${module}.lora_A`,
  b: (module: Projection): string => `${module}.lora_B`,
  scale: (module: Projection): string => `${module}.scale`,
  mask: (module: Projection): string => `${module}.dropout_mask`,
};

/** Name of a trained input's gradient among a graph's outputs. */
export const gradientName = (name: string): string => `d_${name}`;

/** Name of a block's input in a graph that holds all layers. */
export const layerInput = (layer: number, name: string): string => `layers.${String(layer)}.${name}`;

/** What all blocks of a graph share. */
interface Shared {
  readonly g: GraphBuilder;
  readonly config: ModelConfig;
  readonly parts: TrainedParts;
  readonly attention: PackedAttentionInputs;
  readonly cos: Value;
  readonly sin: Value;
  /** Trained values by input name, in the order of declaration. */
  readonly trained: Map<string, Value>;
  /** Low-rank updates that were merged into their matrices, with the names of their inputs. */
  readonly merged: { readonly site: MergedSite; readonly a: string; readonly b: string }[];
}

function declareShared(g: GraphBuilder, config: ModelConfig, parts: TrainedParts): Shared {
  const table = ['positions', config.headSize / 2];
  return {
    g,
    config,
    parts,
    attention: packedAttentionInputs(g),
    cos: g.input('rope_cos', 'float32', table),
    sin: g.input('rope_sin', 'float32', table),
    trained: new Map(),
    merged: [],
  };
}

/** Adds a block whose inputs are declared under `nameOf`; gives its output. */
function addBlock(
  { g, config, parts, attention, cos, sin, trained, merged }: Shared,
  x: Value,
  nameOf: (name: string) => string,
): Value {
  const declare = (name: string, shape: readonly (number | string)[], isTrained: boolean): Value => {
    const value = g.input(nameOf(name), 'float32', shape);
    if (isTrained) trained.set(value.name, value);
    return value;
  };
  const weights: Record<string, Value> = {};
  for (const [vector, shape] of Object.entries(blockVectors(config)))
    weights[vector] = declare(vector, shape, parts.full);
  const sources: LinearSources = {
    weight: (module) =>
      (weights[weightName(module)] ??= declare(
        weightName(module),
        projectionShape(config, module),
        parts.full,
      )),
    bias: (module) => (hasBias(config, module) ? weights[`self_attn.${module}.bias`] : undefined),
    lowRank: (module) => {
      if (!parts.lowRank.includes(module)) return undefined;
      const [outFeatures, inFeatures] = projectionShape(config, module);
      const rank = nameOf(`rank_${module}`);
      return {
        a: declare(lowRankName.a(module), [rank, inFeatures], true),
        b: declare(lowRankName.b(module), [outFeatures, rank], true),
        scale: declare(lowRankName.scale(module), [], false),
        ...(parts.dropout ? { mask: declare(lowRankName.mask(module), ['tokens', inFeatures], false) } : {}),
      };
    },
  };
  const keep = (site: MergedSite): void => {
    const { a, b } = lowRankName;
    merged.push({ site, a: nameOf(a(site.module)), b: nameOf(b(site.module)) });
  };
  const linear = parts.dropout ? adaptedLinear(g, sources) : mergedLinear(g, sources, keep);
  const rotate = (heads: Value): Value =>
    ops.rotary(g, heads, attention.positions, cos, sin, config.headSize);
  return decoderBlock(g, config, x, weights, linear, rotate, packedAttention(g, config, attention));
}

const own = (name: string): string => name;

/** One block. Inputs `x` [token, hidden] and the weights; output `y`. All layers share this graph. */
export function trainingBlockForward(config: ModelConfig, parts: TrainedParts): Graph {
  const g = new GraphBuilder('block_forward');
  const x = g.input('x', 'float32', ['tokens', config.hiddenSize]);
  g.output('y', addBlock(declareShared(g, config, parts), x, own));
  return prune(g.finish());
}

/**
 * Inputs of the forward graph and `d_y`; outputs `d_x` and the gradient of every trained input, under
 * {@link gradientName}. The forward pass is computed again inside, up to where the gradient needs it: nothing but the
 * block's input has to be kept.
 */
export function trainingBlockBackward(config: ModelConfig, parts: TrainedParts): Graph {
  const g = new GraphBuilder('block_backward');
  const x = g.input('x', 'float32', ['tokens', config.hiddenSize]);
  const shared = declareShared(g, config, parts);
  const y = addBlock(shared, x, own);
  const dy = g.input('d_y', 'float32', y.shape);
  const [dx] = outputGradients(shared, { of: y, gradient: dy }, [x]);
  g.output('d_x', dx as Value);
  return prune(g.finish());
}

/** Adds the gradient of every trained input as an output; gives those by `others`. */
function outputGradients(
  { g, trained, merged }: Shared,
  cotangent: Cotangent,
  others: readonly Value[],
): readonly Value[] {
  const inside = new Set(merged.flatMap(({ a, b }) => [a, b]));
  const direct = [...trained].filter(([name]) => !inside.has(name));
  const ofSites = merged.map(({ site }) => site.y);
  const gradients = differentiate(
    g,
    [cotangent],
    [...others, ...direct.map(([, value]) => value), ...ofSites],
  );
  direct.forEach(([name], i) => {
    g.output(gradientName(name), gradients[others.length + i] as Value);
  });
  merged.forEach(({ site, a, b }, i) => {
    const dy = gradients[others.length + direct.length + i] as Value;
    const found = lowRankGradients(g, site, dy);
    g.output(gradientName(a), found.a);
    g.output(gradientName(b), found.b);
  });
  return gradients.slice(0, others.length);
}

/** Names of a block's trained inputs, in the order of the backward graph's outputs. */
export function trainedNames(config: ModelConfig, parts: TrainedParts): readonly string[] {
  const g = new GraphBuilder('names');
  const shared = declareShared(g, config, parts);
  addBlock(shared, g.input('x', 'float32', ['tokens', config.hiddenSize]), own);
  return [...shared.trained.keys()];
}

/**
 * The whole model, forward and backward, in one graph: activations are kept inside of the runtime, and nothing is
 * computed twice. Inputs: `x` [token, hidden] embedded tokens, every layer's inputs under {@link layerInput}, those of
 * the head's backward graph but `hidden`. Outputs: those of the head's backward graph but `d_hidden`, the gradient of
 * every trained input, and, where embeddings are trained, `d_x`.
 */
export function trainingStep(
  config: ModelConfig,
  parts: TrainedParts,
  options: { readonly entropy: boolean },
): Graph {
  const g = new GraphBuilder('training_step');
  const x = g.input('x', 'float32', ['tokens', config.hiddenSize]);
  const shared = declareShared(g, config, parts);
  let hidden = x;
  for (let layer = 0; layer < config.layers; layer += 1)
    hidden = g.scope(`layer.${String(layer)}`, () =>
      addBlock(shared, hidden, (name) => layerInput(layer, name)),
    );
  const head = declareHead(g, config, hidden);
  const dLogits = headGradient(g, config, head, options.entropy);
  const ends = parts.full ? [head.norm, head.weight, x] : [];
  const gradients = outputGradients(shared, { of: head.logits, gradient: dLogits }, ends);
  g.output('log_probs', head.chosen);
  g.output('entropies', head.entropy);
  ends.forEach((value, i) => {
    g.output(gradientName(value.name), gradients[i] as Value);
  });
  return prune(g.finish());
}
