import type { Adapter, LowRankUpdate } from '@doppio/core';
import type { Tensor } from '@doppio/models';

/** Weights of the base model by checkpoint name. */
export type Weights = ReadonlyMap<string, Tensor>;

/** W + scale B A of one projection, summed in f64. Shapes: W [out, in], A [rank, in], B [out, rank]. */
export function mergeProjection(weight: Tensor, { a, b, scale }: LowRankUpdate): Float64Array {
  const [rank, columns] = a.shape as [number, number];
  const rows = b.shape[0] as number;
  const merged = Float64Array.from(weight.data);
  const narrow = Float64Array.from(a.data);
  for (let row = 0; row < rows; row += 1) {
    const target = merged.subarray(row * columns, (row + 1) * columns);
    // Four ranks at a time: each element of the row is then loaded and stored a quarter as often.
    for (let r = 0; r < rank; r += 4) {
      const used = Math.min(4, rank - r);
      const factor = (k: number): number => (k < used ? scale * (b.data[row * rank + r + k] as number) : 0);
      const [f0, f1, f2, f3] = [factor(0), factor(1), factor(2), factor(3)];
      const from = (k: number): number => (k < used ? (r + k) * columns : 0);
      const [a0, a1, a2, a3] = [from(0), from(1), from(2), from(3)];
      for (let j = 0; j < columns; j += 1) {
        const low = f0 * (narrow[a0 + j] as number) + f1 * (narrow[a1 + j] as number);
        const high = f2 * (narrow[a2 + j] as number) + f3 * (narrow[a3 + j] as number);
        target[j] = (target[j] as number) + low + high;
      }
    }
  }
  return merged;
}

/** Weights with the adapter merged into them, as f32; those that it leaves alone are the same arrays. */
export function mergeAdapter(weights: Weights, adapter: Adapter): Map<string, Tensor> {
  const exact = exactValues(adapter);
  const merged = new Map<string, Tensor>();
  for (const [name, weight] of weights) {
    const values = exact(name, weight);
    const data = values instanceof Float64Array ? Float32Array.from(values) : values;
    merged.set(name, { shape: weight.shape, data: data ?? weight.data });
  }
  return merged;
}

/** What merging makes of a weight, before it is rounded; undefined for a weight that the adapter leaves alone. */
export function exactValues(
  adapter: Adapter,
): (name: string, weight: Tensor) => Float64Array | Float32Array | undefined {
  const trained = new Map(adapter.kind === 'full' ? adapter.parameters.map((p) => [p.name, p.data]) : []);
  return (name, weight) => {
    const update = updateOf(adapter, name);
    return update === undefined ? trained.get(name) : mergeProjection(weight, update);
  };
}

function updateOf(adapter: Adapter, weightName: string): LowRankUpdate | undefined {
  return weightName.endsWith('.weight') ? adapter.lowRank(weightName.slice(0, -'.weight'.length)) : undefined;
}
