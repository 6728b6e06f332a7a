import type { ModelWeights } from './load-model-weights.js';

/** Size of a model's weights in memory, bytes. */
export function weightBytes({ tensors }: ModelWeights): number {
  return [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}
