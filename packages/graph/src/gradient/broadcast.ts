import type { GraphBuilder } from '../builder.js';
import { reshapeLike } from '../ops/layout.js';
import { reduceSum } from '../ops/reduce.js';
import { sameShape } from '../shapes.js';
import type { Value } from '../types.js';

/**
 * Undoes broadcasting: sums the gradient of a broadcast result over the axes along which `like` was repeated.
 * The only place where this is done.
 */
export function unbroadcast(g: GraphBuilder, gradient: Value, like: Value): Value {
  if (sameShape(gradient.shape, like.shape)) return gradient;
  const extra = gradient.shape.length - like.shape.length;
  const axes = gradient.shape.flatMap((dim, i) =>
    i < extra || (like.shape[i - extra] === 1 && dim !== 1) ? [i] : [],
  );
  if (axes.length === 0) return reshapeLike(g, gradient, like);
  const summed = reduceSum(g, gradient, axes, true);
  return reshapeLike(g, summed, like);
}
