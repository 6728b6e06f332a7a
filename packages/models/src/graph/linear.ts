import { ops, type GraphBuilder, type Value } from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';
import { projectionPath, type Linear, type Projection } from './block.js';

/** A low-rank update as graph values: y += scale (x * mask) A^T B^T. */
export interface LowRankValues {
  /** [rank, in] */
  readonly a: Value;
  /** [out, rank] */
  readonly b: Value;
  /** [] */
  readonly scale: Value;
  /** [token, in], 0 or 1 / (1 - dropout); undefined without dropout. */
  readonly mask?: Value;
}

/** How projections get their weights and adapters. */
export interface LinearSources {
  /** [out, in], the checkpoint's own layout. */
  readonly weight: (module: Projection) => Value;
  readonly bias: (module: Projection) => Value | undefined;
  readonly lowRank: (module: Projection) => LowRankValues | undefined;
}

/** The projection function of a block: base product, bias, low-rank update. */
export function adaptedLinear(g: GraphBuilder, sources: LinearSources): Linear {
  return (module, x) =>
    g.scope(module, () => {
      const base = ops.matmul(g, x, sources.weight(module), { transB: true });
      const bias = sources.bias(module);
      const y = bias === undefined ? base : ops.add(g, base, bias);
      const update = sources.lowRank(module);
      if (update === undefined) return y;
      const dropped = update.mask === undefined ? x : ops.mul(g, x, update.mask);
      const narrow = ops.mul(g, ops.matmul(g, dropped, update.a, { transB: true }), update.scale);
      return ops.add(g, y, ops.matmul(g, narrow, update.b, { transB: true }));
    });
}

/** Whether the checkpoint has a bias for the projection. */
export function hasBias(config: ModelConfig, module: Projection): boolean {
  const { attentionBias } = config;
  switch (module) {
    case 'q_proj':
      return attentionBias.q;
    case 'k_proj':
      return attentionBias.k;
    case 'v_proj':
      return attentionBias.v;
    case 'o_proj':
      return attentionBias.o;
    default:
      return false;
  }
}

/** Input and weight names of a projection, e.g. `self_attn.q_proj.weight`. */
export function weightName(module: Projection): string {
  return `${projectionPath(module)}.weight`;
}
