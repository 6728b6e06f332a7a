import type { TokenGroup } from '@doppio/core';
import type { HostTensor } from '@doppio/runtime';
import type { GroupSlice } from './micro-batch.js';

/** A value low enough that softmax gives exactly 0, and finite, so that no NaN can come of it. */
const MASKED = -1e30;
/** More than any prompt has tokens, for numbering them. */
const PROMPT_STRIDE = 8192;

/** A micro-batch as the block graphs take it. */
export interface PackedBatch {
  /** Tokens that go through the blocks. */
  readonly tokens: number;
  /** int64 [token] */
  readonly ids: HostTensor;
  /** Inputs of packedAttentionInputs, by name. */
  readonly attention: Readonly<Record<string, HostTensor>>;
  /** [row] the tokens whose hidden states predict something, each once. */
  readonly rows: Int32Array;
  /** [completion token], ascending: which of `rows` predicts it. All first tokens of a group share a row. */
  readonly pairRows: Int32Array;
  /** [completion token] */
  readonly targets: Int32Array;
  /** [completion token] index in the whole batch's ragged arrays. */
  readonly places: Int32Array;
  /** [token] a number that names the token in the whole batch, however it is cut: keys dropout masks. */
  readonly dropoutRows: Int32Array;
  /** Longest prompt and completion, for metrics of avoided padding. */
  readonly padded: { readonly prompt: number; readonly completion: number };
}

export interface HeadLayout {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
}

const int64 = (values: readonly number[] | Int32Array): HostTensor => ({
  dtype: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values as number[], BigInt),
});

/** Where a sequence's tokens lie among the packed ones. */
interface Placed {
  /** Packed row of the first prompt token. */
  readonly promptRow: number;
  readonly promptLength: number;
  /** Packed row of each completion's first token, and how many tokens it has there. */
  readonly completions: readonly { readonly row: number; readonly length: number }[];
}

/**
 * Lays the tokens of the slices out one after the other: prompt, then its completions without their last token (which
 * predicts nothing). Padding exists only in the index tensors for attention, as in PackedAttentionInputs.
 * @param offsets [completion + 1] of the whole batch, to find each token's place in it
 * @param firstCompletion index in the whole batch of each group's first completion
 */
export function packBatch(
  groups: readonly TokenGroup[],
  slices: readonly GroupSlice[],
  offsets: Int32Array,
  firstCompletion: readonly number[],
  layout: HeadLayout,
): PackedBatch {
  const ids: number[] = [];
  const positions: number[] = [];
  const rows: number[] = [];
  const pairRows: number[] = [];
  const targets: number[] = [];
  const places: number[] = [];
  const dropoutRows: number[] = [];
  const placed: Placed[] = slices.map((slice) => {
    const { promptIds, completions } = groups[slice.group] as TokenGroup;
    const promptRow = ids.length;
    promptIds.forEach((id, i) => {
      ids.push(id);
      positions.push(i);
      // Odd for prompts, even for completions: never the same, and the same in every cut.
      dropoutRows.push(2 * ((firstCompletion[slice.group] as number) * PROMPT_STRIDE + i) + 1);
    });
    const sliced = completions.slice(slice.first, slice.first + slice.count);
    const place = (i: number): number =>
      offsets[(firstCompletion[slice.group] as number) + slice.first + i] as number;
    const score = (row: number, target: number, at: number): void => {
      pairRows.push(row);
      targets.push(target);
      places.push(at);
    };
    rows.push(ids.length - 1);
    const shared = rows.length - 1;
    sliced.forEach((completion, i) => {
      if (completion.length > 0) score(shared, completion[0] as number, place(i));
    });
    const inside = sliced.map((completion, i) => {
      const row = ids.length;
      completion.subarray(0, -1).forEach((id, t) => {
        rows.push(ids.length);
        score(rows.length - 1, completion[t + 1] as number, place(i) + t + 1);
        ids.push(id);
        positions.push(promptIds.length + t);
        dropoutRows.push(2 * (place(i) + t));
      });
      return { row, length: Math.max(completion.length - 1, 0) };
    });
    return { promptRow, promptLength: promptIds.length, completions: inside };
  });
  const attention = attentionIndices(placed, ids.length, layout);
  return {
    tokens: ids.length,
    ids: int64(ids),
    attention: { positions: int64(positions), ...attention },
    rows: Int32Array.from(rows),
    pairRows: Int32Array.from(pairRows),
    targets: Int32Array.from(targets),
    places: Int32Array.from(places),
    dropoutRows: Int32Array.from(dropoutRows),
    padded: {
      prompt: Math.max(...placed.map((p) => p.promptLength)),
      completion: Math.max(1, ...placed.flatMap((p) => p.completions.map((c) => c.length))),
    },
  };
}

/** Index tensors, reshape targets and masks of packed attention. */
function attentionIndices(
  placed: readonly Placed[],
  tokens: number,
  layout: HeadLayout,
): Record<string, HostTensor> {
  const { heads, keyValueHeads: kv, headSize: d } = layout;
  const r = heads / kv;
  const g = placed.length;
  const c = Math.max(...placed.map((p) => p.completions.length));
  const n = Math.max(...placed.map((p) => p.promptLength));
  const t = Math.max(1, ...placed.flatMap((p) => p.completions.map((completion) => completion.length)));

  const query = rowIndices(placed, tokens, kv, r, { c, n, t });
  const key = rowIndices(placed, tokens, kv, 1, { c, n, t });

  const promptKeyMask = new Float32Array(g * n);
  placed.forEach((p, i) => {
    promptKeyMask.fill(MASKED, i * n + p.promptLength, (i + 1) * n);
  });
  return {
    query_rows: int64(query.forward),
    query_inverse: int64(query.inverse),
    output_rows: int64(query.nowhere),
    key_rows: int64(key.forward),
    key_inverse: int64(key.inverse),
    query_split: int64([g * kv * r * n, g * kv * c * r * t]),
    key_split: int64([g * kv * n, g * kv * c * t]),
    key_extents: int64([n, t]),
    prompt_query_shape: int64([g, kv, r * n, d]),
    prompt_key_shape: int64([g, kv, n, d]),
    completion_query_shape: int64([g, kv, c * r * t, d]),
    per_completion_query_shape: int64([g, kv, c, r * t, d]),
    per_completion_key_shape: int64([g, kv, c, t, d]),
    per_completion_score_shape: int64([g, kv, c, r * t, t]),
    completion_score_shape: int64([g, kv, c * r * t, t]),
    prompt_mask: { dtype: 'float32', shape: [r * n, n], data: causalMask(n, r) },
    prompt_key_mask: { dtype: 'float32', shape: [g, 1, 1, n], data: promptKeyMask },
    completion_mask: { dtype: 'float32', shape: [r * t, t], data: causalMask(t, r) },
  };
}

interface RowIndices {
  /** Padded place to packed row; padding reads row 0. */
  readonly forward: Int32Array;
  /** As forward, but padding holds the number of packed rows. */
  readonly nowhere: Int32Array;
  /** Packed row to padded place. */
  readonly inverse: Int32Array;
}

/** Rows of heads: packed [token, kv, r]; padded prompts [g, kv, r, n], then completions [g, kv, c, r, t]. */
function rowIndices(
  placed: readonly Placed[],
  tokens: number,
  kv: number,
  r: number,
  extent: { readonly c: number; readonly n: number; readonly t: number },
): RowIndices {
  const { c, n, t } = extent;
  const g = placed.length;
  const packed = tokens * kv * r;
  const nowhere = new Int32Array(g * kv * r * (n + c * t)).fill(packed);
  const inverse = new Int32Array(packed);
  const put = (place: number, token: number, h: number, j: number): void => {
    const row = (token * kv + h) * r + j;
    nowhere[place] = row;
    inverse[row] = place;
  };
  placed.forEach((p, i) => {
    for (let h = 0; h < kv; h += 1) {
      for (let j = 0; j < r; j += 1) {
        const prompt = ((i * kv + h) * r + j) * n;
        for (let s = 0; s < p.promptLength; s += 1) put(prompt + s, p.promptRow + s, h, j);
        p.completions.forEach(({ row, length }, k) => {
          const completion = g * kv * r * n + (((i * kv + h) * c + k) * r + j) * t;
          for (let s = 0; s < length; s += 1) put(completion + s, row + s, h, j);
        });
      }
    }
  });
  return { forward: nowhere.map((row) => (row === packed ? 0 : row)), nowhere, inverse };
}

/** [r * size, size]: 0 where a query may see a key, repeated for r query heads. */
function causalMask(size: number, r: number): Float32Array {
  const mask = new Float32Array(r * size * size);
  for (let j = 0; j < r; j += 1)
    for (let i = 0; i < size; i += 1)
      mask.fill(MASKED, (j * size + i) * size + i + 1, (j * size + i + 1) * size);
  return mask;
}
