import type { HostTensor } from '@doppio/runtime';
import type { PackedBatch } from './packing.js';

/** Derivatives by the scores of a packed batch's completion tokens, in its order. */
export interface HeadDerivatives {
  readonly dLogProbs: Float32Array;
  readonly dEntropies: Float32Array | undefined;
}

/** A part of a batch's scored rows, and the completion tokens that belong to them. */
export interface HeadChunk {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstPair: number;
  readonly pairs: number;
}

/** Cuts the scored rows into chunks of at most `size`: the whole batch's logits never exist at once. */
export function headChunks(batch: PackedBatch, size: number): HeadChunk[] {
  const chunks: HeadChunk[] = [];
  let pair = 0;
  for (let firstRow = 0; firstRow < batch.rows.length; firstRow += size) {
    const rows = Math.min(size, batch.rows.length - firstRow);
    const firstPair = pair;
    while (pair < batch.pairRows.length && (batch.pairRows[pair] as number) < firstRow + rows) pair += 1;
    chunks.push({ firstRow, rows, firstPair, pairs: pair - firstPair });
  }
  return chunks;
}

const int64 = (values: readonly number[] | Int32Array, shape: readonly number[]): HostTensor => ({
  dtype: 'int64',
  shape,
  data: BigInt64Array.from(values as number[], BigInt),
});
const float32 = (data: Float32Array, shape: readonly number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data,
});

/** Inputs of declareHead for a chunk. */
export function headFeeds(
  batch: PackedBatch,
  chunk: HeadChunk,
  temperature: number,
): Record<string, HostTensor> {
  const { firstRow, rows, firstPair, pairs } = chunk;
  const inverse = new Int32Array(batch.tokens).fill(rows);
  const picked = batch.rows.subarray(firstRow, firstRow + rows);
  picked.forEach((token, row) => (inverse[token] = row));
  const pairIndices = new Int32Array(2 * pairs);
  for (let i = 0; i < pairs; i += 1) {
    pairIndices[2 * i] = (batch.pairRows[firstPair + i] as number) - firstRow;
    pairIndices[2 * i + 1] = batch.targets[firstPair + i] as number;
  }
  return {
    rows: int64(picked, [rows]),
    rows_inverse: int64(inverse, [batch.tokens]),
    pairs: int64(pairIndices, [pairs, 2]),
    inverse_temperature: float32(Float32Array.of(1 / temperature), []),
  };
}

/** Inputs of headGradient for a chunk: equal (row, target) pairs are added up here, so that indices are distinct. */
export function headGradientFeeds(
  batch: PackedBatch,
  chunk: HeadChunk,
  { dLogProbs, dEntropies }: HeadDerivatives,
): Record<string, HostTensor> {
  const { firstRow, rows, firstPair, pairs } = chunk;
  const sums = new Float32Array(rows);
  const entropies = new Float32Array(rows);
  const indices: number[] = [];
  const values: number[] = [];
  let seen = new Map<number, number>();
  let current = -1;
  for (let i = firstPair; i < firstPair + pairs; i += 1) {
    const row = (batch.pairRows[i] as number) - firstRow;
    const target = batch.targets[i] as number;
    const d = dLogProbs[i] as number;
    if (row !== current) seen = new Map();
    current = row;
    sums[row] = (sums[row] as number) + d;
    entropies[row] = (entropies[row] as number) + (dEntropies?.[i] ?? 0);
    const known = seen.get(target);
    if (known !== undefined) {
      values[known] = (values[known] as number) + d;
      continue;
    }
    seen.set(target, values.length);
    indices.push(row, target);
    values.push(d);
  }
  return {
    d_pairs: int64(indices, [values.length, 2]),
    d_pair_values: float32(Float32Array.from(values), [values.length]),
    d_row_sums: float32(sums, [rows, 1]),
    ...(dEntropies === undefined ? {} : { d_row_entropies: float32(entropies, [rows, 1]) }),
  };
}

/** Scores of completion tokens, in the packed batch's order. */
export class HeadScores {
  readonly logProbs: Float32Array;
  readonly entropies: Float32Array;

  constructor(private readonly batch: PackedBatch) {
    this.logProbs = new Float32Array(batch.pairRows.length);
    this.entropies = new Float32Array(batch.pairRows.length);
  }

  /** Takes a chunk's results: log_probs [pair], entropies [row, 1]. */
  set({ firstRow, firstPair, pairs }: HeadChunk, logProbs: Float32Array, entropies: Float32Array): void {
    this.logProbs.set(logProbs, firstPair);
    for (let i = firstPair; i < firstPair + pairs; i += 1)
      this.entropies[i] = entropies[(this.batch.pairRows[i] as number) - firstRow] as number;
  }
}
