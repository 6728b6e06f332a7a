import { ops, type GraphBuilder, type Value } from '@doppio/graph';
import type { Linear, Projection } from './block.js';
import type { LinearSources } from './linear.js';

/** A projection whose low-rank update was merged, as its gradient needs it. */
export interface MergedSite {
  readonly module: Projection;
  /** [token, in] */
  readonly x: Value;
  /** [token, out], before the bias. */
  readonly y: Value;
  /** [rank, in], scale included. */
  readonly scaledA: Value;
  /** [out, rank] */
  readonly b: Value;
  /** [] */
  readonly scale: Value;
}

/**
 * The projection function of a block that trains low-rank updates without dropout: y = x (W + scale B A)^T. Merging is
 * as much work as rank / 2 tokens, and saves the update's own products and sums, forward and in the gradient by x. The
 * merged matrix lives inside of the run; gradients of A and B are {@link lowRankGradients}.
 */
export function mergedLinear(
  g: GraphBuilder,
  sources: LinearSources,
  onSite: (site: MergedSite) => void,
): Linear {
  return (module, x) =>
    g.scope(module, () => {
      const weight = sources.weight(module);
      const update = sources.lowRank(module);
      const bias = sources.bias(module);
      let merged = weight;
      let scaledA: Value | undefined;
      if (update !== undefined) {
        scaledA = ops.mul(g, update.a, update.scale);
        merged = ops.add(g, weight, ops.matmul(g, update.b, scaledA));
      }
      const y = ops.matmul(g, x, merged, { transB: true });
      if (update !== undefined && scaledA !== undefined)
        onSite({ module, x, y, scaledA, b: update.b, scale: update.scale });
      return bias === undefined ? y : ops.add(g, y, bias);
    });
}

/** Gradients of A [rank, in] and B [out, rank] from that of y, never by way of an [out, in] matrix. */
export function lowRankGradients(
  g: GraphBuilder,
  { module, x, scaledA, b, scale }: MergedSite,
  dy: Value,
): { readonly a: Value; readonly b: Value } {
  return g.scope(`${module}/gradient`, () => {
    const narrow = ops.matmul(g, x, scaledA, { transB: true });
    const dNarrow = ops.matmul(g, dy, b);
    return {
      a: ops.mul(g, ops.matmul(g, dNarrow, x, { transA: true }), scale),
      b: ops.matmul(g, dy, narrow, { transA: true }),
    };
  });
}
