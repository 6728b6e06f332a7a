import { describe, expect, it } from 'vitest';
import type { TokenGroup } from '@doppio/core';
import { headChunks } from './head-batch.js';
import { packBatch, type PackedBatch } from './packing.js';
import type { GroupSlice } from './micro-batch.js';

const layout = { heads: 4, keyValueHeads: 2, headSize: 8 };
const ids = (...values: number[]): Int32Array => Int32Array.from(values);
const groups: readonly TokenGroup[] = [
  { promptIds: ids(10, 11, 12), completions: [ids(20, 21), ids(22), ids(23, 24, 25)] },
  { promptIds: ids(13), completions: [ids(26, 27), ids()] },
];
const offsets = ids(0, 2, 3, 6, 8, 8);
const whole: readonly GroupSlice[] = [
  { group: 0, first: 0, count: 3 },
  { group: 1, first: 0, count: 2 },
];
const pack = (slices: readonly GroupSlice[]): PackedBatch =>
  packBatch(groups, slices, offsets, [0, 3], layout);
const numbers = (tensor: { readonly data: ArrayLike<unknown> } | undefined): number[] =>
  Array.from(tensor?.data ?? [], Number);

describe('packing', () => {
  const packed = pack(whole);

  it('puts each prompt once and completions without their last token', () => {
    expect(numbers(packed.ids)).toEqual([10, 11, 12, 20, 23, 24, 13, 26]);
    expect(packed.tokens).toBe(8);
    expect(numbers(packed.attention['positions'])).toEqual([0, 1, 2, 3, 3, 4, 0, 1]);
  });

  it('lets every first token be predicted by the last token of the prompt', () => {
    const token = (pair: number): number =>
      numbers(packed.ids)[packed.rows[packed.pairRows[pair] as number] as number] as number;
    const pairs = Array.from(packed.targets, (target, pair) => [token(pair), target, packed.places[pair]]);
    expect(pairs.sort((a, b) => (a[2] as number) - (b[2] as number))).toEqual([
      [12, 20, 0],
      [20, 21, 1],
      [12, 22, 2],
      [12, 23, 3],
      [23, 24, 4],
      [24, 25, 5],
      [13, 26, 6],
      [26, 27, 7],
    ]);
    expect(new Set(packed.rows).size).toBe(packed.rows.length);
    expect(Array.from(packed.pairRows)).toEqual(Array.from(packed.pairRows).sort((a, b) => a - b));
  });

  it.each([1, 2, 3, 5, 100])('cuts the scored rows into chunks with their tokens: %i rows', (size) => {
    const chunks = headChunks(packed, size);
    let [row, pair] = [0, 0];
    for (const chunk of chunks) {
      expect([chunk.firstRow, chunk.firstPair]).toEqual([row, pair]);
      expect(chunk.rows).toBeLessThanOrEqual(size);
      for (const pairRow of packed.pairRows.subarray(pair, pair + chunk.pairs)) {
        expect(pairRow).toBeGreaterThanOrEqual(row);
        expect(pairRow).toBeLessThan(row + chunk.rows);
      }
      row += chunk.rows;
      pair += chunk.pairs;
    }
    expect([row, pair]).toEqual([packed.rows.length, packed.places.length]);
  });

  it('finds each packed row again where attention put it', () => {
    const { query_rows, query_inverse, output_rows, key_rows, key_inverse } = packed.attention;
    const check = (forward: number[], inverse: number[], perToken: number): void => {
      expect(inverse).toHaveLength(packed.tokens * perToken);
      inverse.forEach((place, row) => expect(forward[place]).toBe(row));
      expect(new Set(inverse).size).toBe(inverse.length);
    };
    check(numbers(query_rows), numbers(query_inverse), layout.heads);
    check(numbers(key_rows), numbers(key_inverse), layout.keyValueHeads);
    const nowhere = packed.tokens * layout.heads;
    const out = numbers(output_rows);
    expect(out.filter((row) => row !== nowhere).sort((a, b) => a - b)).toEqual(
      Array.from({ length: nowhere }, (_, row) => row),
    );
  });

  it('names a token the same in every cut, and no two tokens alike', () => {
    const cuts = [
      pack([{ group: 0, first: 0, count: 1 }]),
      pack([
        { group: 0, first: 1, count: 2 },
        { group: 1, first: 0, count: 2 },
      ]),
    ];
    const nameOf = (batch: PackedBatch): string[] =>
      Array.from(batch.dropoutRows, (name, i) => `${String(name)}: ${String(numbers(batch.ids)[i])}`);
    expect(new Set(packed.dropoutRows).size).toBe(packed.tokens);
    expect(new Set(cuts.flatMap(nameOf))).toEqual(new Set(nameOf(packed)));
  });
});
