import { cutAtGradient, differentiate, GraphBuilder, ops, prune, type CutGraphs, type Graph, type Value } from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';
import { blockVectors, decoderBlock, projectionShape, type Projection } from './block.js';
import { adaptedLinear, hasBias, weightName } from './linear.js';
import { packedAttention, packedAttentionInputs } from './packed-attention.js';

/** What of a block is trained, and so which gradients its backward graph returns. */
export interface TrainedParts {
  /** Projections with a low-rank update. */
  readonly lowRank: readonly Projection[];
  /** Projections' low-rank inputs are masked by dropout. */
  readonly dropout: boolean;
  /** Every weight of the block is trained. */
  readonly full: boolean;
}

/** Names of a projection's low-rank inputs and, with `d_` before them, of their gradients. */
export const lowRankName = {
  a: (module: Projection): string => `${module}.lora_A`,
  b: (module: Projection): string => `${module}.lora_B`,
  scale: (module: Projection): string => `${module}.scale`,
  mask: (module: Projection): string => `${module}.dropout_mask`,
};

/** Name of a weight's (or low-rank matrix's) gradient among a backward graph's outputs. */
export const gradientName = (name: string): string => `d_${name}`;

interface BlockGraph {
  readonly g: GraphBuilder;
  readonly x: Value;
  readonly y: Value;
  /** Trained values by input name. */
  readonly trained: ReadonlyMap<string, Value>;
}

function buildBlock(config: ModelConfig, parts: TrainedParts, name: string): BlockGraph {
  const g = new GraphBuilder(name);
  const x = g.input('x', 'float32', ['tokens', config.hiddenSize]);
  const attention = packedAttentionInputs(g);
  const cos = g.input('rope_cos', 'float32', ['positions', config.headSize / 2]);
  const sin = g.input('rope_sin', 'float32', ['positions', config.headSize / 2]);
  const trained = new Map<string, Value>();
  const declare = (inputName: string, shape: readonly (number | string)[], isTrained: boolean): Value => {
    const value = g.input(inputName, 'float32', shape);
    if (isTrained) trained.set(inputName, value);
    return value;
  };
  const weights: Record<string, Value> = {};
  for (const [vector, shape] of Object.entries(blockVectors(config))) weights[vector] = declare(vector, shape, parts.full);
  const linear = adaptedLinear(g, {
    weight: (module) => (weights[weightName(module)] ??= declare(weightName(module), projectionShape(config, module), parts.full)),
    bias: (module) => (hasBias(config, module) ? weights[`self_attn.${module}.bias`] : undefined),
    lowRank: (module) => {
      if (!parts.lowRank.includes(module)) return undefined;
      const [outFeatures, inFeatures] = projectionShape(config, module);
      const rank = `rank_${module}`;
      return {
        a: declare(lowRankName.a(module), [rank, inFeatures], true),
        b: declare(lowRankName.b(module), [outFeatures, rank], true),
        scale: declare(lowRankName.scale(module), [], false),
        ...(parts.dropout ? { mask: declare(lowRankName.mask(module), ['tokens', inFeatures], false) } : {}),
      };
    },
  });
  const y = decoderBlock(g, config, x, weights, linear, (heads) => ops.rotary(g, heads, attention.positions, cos, sin, config.headSize), packedAttention(g, config, attention));
  return { g, x, y, trained };
}

/** Inputs `x` and the weights; output `y` [token, hidden]. */
export function trainingBlockForward(config: ModelConfig, parts: TrainedParts): Graph {
  const { g, y } = buildBlock(config, parts, 'block_forward');
  g.output('y', y);
  return prune(g.finish());
}

/** The block with its gradient nodes: how many of the nodes are forward, and the outputs of both passes. */
function differentiatedBlock(config: ModelConfig, parts: TrainedParts): { readonly graph: Graph; readonly forwardNodes: number; readonly forwardOutputs: Graph['outputs']; readonly backwardOutputs: Graph['outputs'] } {
  const { g, x, y, trained } = buildBlock(config, parts, 'block');
  const dy = g.input('d_y', 'float32', y.shape);
  const forwardNodes = g.nodes.length;
  const [dx, ...gradients] = differentiate(g, [{ of: y, gradient: dy }], [x, ...trained.values()]);
  const named = [...trained.keys()].map((name, i) => ({ name: gradientName(name), value: gradients[i] as Value }));
  return { graph: g.finish(), forwardNodes, forwardOutputs: [{ name: 'y', value: y }], backwardOutputs: [{ name: 'd_x', value: dx as Value }, ...named] };
}

/**
 * Inputs of the forward graph and `d_y`; outputs `d_x` and the gradient of every trained input, under
 * {@link gradientName}. The forward pass is computed again inside, up to where the gradient needs it: nothing but the
 * block's input has to be kept.
 */
export function trainingBlockBackward(config: ModelConfig, parts: TrainedParts): Graph {
  const { graph, backwardOutputs } = differentiatedBlock(config, parts);
  return prune({ ...graph, name: 'block_backward', outputs: backwardOutputs });
}

/** The same two passes with activations kept: the forward graph also returns what the backward graph then takes. */
export function trainingBlockKeeping(config: ModelConfig, parts: TrainedParts): CutGraphs {
  const { graph, forwardNodes, forwardOutputs, backwardOutputs } = differentiatedBlock(config, parts);
  return cutAtGradient(graph, forwardNodes, forwardOutputs, backwardOutputs);
}

/** Names of all trained inputs, in the order in which both graphs know them. */
export function trainedNames(config: ModelConfig, parts: TrainedParts): readonly string[] {
  return [...buildBlock(config, parts, 'names').trained.keys()];
}

