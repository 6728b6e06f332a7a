import { ops, type GraphBuilder, type Value } from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';
import type { Attention } from './block.js';

/**
 * Graph inputs that describe how the packed tokens of a micro-batch attend to each other; the policy computes them
 * (see its packing). With g groups of c completions each, prompts padded to n and completions to t tokens, and
 * r query heads per key-value head:
 */
export interface PackedAttentionInputs {
  /** [token] position of each token in its sequence. */
  readonly positions: Value;
  /** Where each padded query row comes from: prompts [g, kv, r, n] then completions [g, kv, c, r, t]. */
  readonly queryRows: Value;
  /** [token * heads] the place of each packed query row among the padded ones. */
  readonly queryInverse: Value;
  /** As queryRows, but padding holds [token * heads], which stands for "nowhere". */
  readonly outputRows: Value;
  /** As queryRows for keys and values: prompts [g, kv, n] then completions [g, kv, c, t]. */
  readonly keyRows: Value;
  readonly keyInverse: Value;
  /** [2] number of padded query rows of prompts and of completions. */
  readonly querySplit: Value;
  readonly keySplit: Value;
  /** [2] n and t. */
  readonly keyExtents: Value;
  /** Reshape targets, int64 vectors. */
  readonly promptQueryShape: Value; // g, kv, r n, d
  readonly promptKeyShape: Value; // g, kv, n, d
  readonly completionQueryShape: Value; // g, kv, c r t, d
  readonly perCompletionQueryShape: Value; // g, kv, c, r t, d
  readonly perCompletionKeyShape: Value; // g, kv, c, t, d
  readonly perCompletionScoreShape: Value; // g, kv, c, r t, t
  readonly completionScoreShape: Value; // g, kv, c r t, t
  /** Added to scores: 0 or a large negative number. */
  readonly promptMask: Value; // [r n, n] causal
  readonly promptKeyMask: Value; // [g, 1, 1, n] padding of shorter prompts
  readonly completionMask: Value; // [r t, t] causal
}

/** Declares the inputs in a graph. */
export function packedAttentionInputs(g: GraphBuilder): PackedAttentionInputs {
  const vector = (name: string, size: number): Value => g.input(name, 'int64', [size]);
  return {
    positions: g.input('positions', 'int64', ['tokens']),
    queryRows: g.input('query_rows', 'int64', ['padded_query_rows']),
    queryInverse: g.input('query_inverse', 'int64', ['query_rows']),
    outputRows: g.input('output_rows', 'int64', ['padded_query_rows']),
    keyRows: g.input('key_rows', 'int64', ['padded_key_rows']),
    keyInverse: g.input('key_inverse', 'int64', ['key_rows']),
    querySplit: vector('query_split', 2),
    keySplit: vector('key_split', 2),
    keyExtents: vector('key_extents', 2),
    promptQueryShape: vector('prompt_query_shape', 4),
    promptKeyShape: vector('prompt_key_shape', 4),
    completionQueryShape: vector('completion_query_shape', 4),
    perCompletionQueryShape: vector('per_completion_query_shape', 5),
    perCompletionKeyShape: vector('per_completion_key_shape', 5),
    perCompletionScoreShape: vector('per_completion_score_shape', 5),
    completionScoreShape: vector('completion_score_shape', 4),
    promptMask: g.input('prompt_mask', 'float32', ['rn', 'n']),
    promptKeyMask: g.input('prompt_key_mask', 'float32', ['g', 1, 1, 'n']),
    completionMask: g.input('completion_mask', 'float32', ['rt', 't']),
  };
}

/**
 * Attention of packed tokens: a group's prompt is there once, its completions attend to it and each to itself.
 * Padding exists only between the two gathers of this function.
 */
export function packedAttention(
  g: GraphBuilder,
  config: ModelConfig,
  inputs: PackedAttentionInputs,
): Attention {
  const { heads, keyValueHeads: kv, headSize: d } = config;
  const alpha = 1 / Math.sqrt(d);
  return (q, k, v) => {
    const rows = (x: Value, name: string): Value => ops.reshape(g, x, [name, d]);
    const pick = (x: Value, name: string, forward: Value, inverse: Value, sizes: Value): Value[] =>
      ops.splitBy(
        g,
        ops.permuteRows(g, rows(x, name), forward, inverse, false),
        sizes,
        [`prompt_${name}`, `completion_${name}`],
        0,
      );
    const [promptQ, completionQ] = pick(
      q,
      'query_rows',
      inputs.queryRows,
      inputs.queryInverse,
      inputs.querySplit,
    ) as [Value, Value];
    const [promptK, completionK] = pick(
      k,
      'key_rows',
      inputs.keyRows,
      inputs.keyInverse,
      inputs.keySplit,
    ) as [Value, Value];
    const [promptV, completionV] = pick(
      v,
      'key_rows',
      inputs.keyRows,
      inputs.keyInverse,
      inputs.keySplit,
    ) as [Value, Value];

    const pK = ops.reshapeTo(g, promptK, inputs.promptKeyShape, ['g', kv, 'n', d]);
    const pV = ops.reshapeTo(g, promptV, inputs.promptKeyShape, ['g', kv, 'n', d]);

    const promptOut = g.scope('prompt', () => {
      const query = ops.reshapeTo(g, promptQ, inputs.promptQueryShape, ['g', kv, 'rn', d]);
      const scores = ops.add(g, ops.matmul(g, query, pK, { transB: true, alpha }), inputs.promptMask);
      return ops.matmul(g, ops.softmax(g, scores), pV);
    });

    const completionOut = g.scope('completion', () => {
      const query = ops.reshapeTo(g, completionQ, inputs.completionQueryShape, ['g', kv, 'crt', d]);
      const toPrompt = ops.add(g, ops.matmul(g, query, pK, { transB: true, alpha }), inputs.promptKeyMask);
      const own = ops.reshapeTo(g, completionQ, inputs.perCompletionQueryShape, ['g', kv, 'c', 'rt', d]);
      const cK = ops.reshapeTo(g, completionK, inputs.perCompletionKeyShape, ['g', kv, 'c', 't', d]);
      const cV = ops.reshapeTo(g, completionV, inputs.perCompletionKeyShape, ['g', kv, 'c', 't', d]);
      const toSelf = ops.add(g, ops.matmul(g, own, cK, { transB: true, alpha }), inputs.completionMask);
      const scores = ops.concat(
        g,
        [toPrompt, ops.reshapeTo(g, toSelf, inputs.completionScoreShape, ['g', kv, 'crt', 't'])],
        3,
        'nt',
      );
      const [onPrompt, onSelf] = ops.splitBy(g, ops.softmax(g, scores), inputs.keyExtents, ['n', 't'], 3) as [
        Value,
        Value,
      ];
      const fromPrompt = ops.matmul(g, onPrompt, pV);
      const fromSelf = ops.matmul(
        g,
        ops.reshapeTo(g, onSelf, inputs.perCompletionScoreShape, ['g', kv, 'c', 'rt', 't']),
        cV,
      );
      return ops.add(
        g,
        fromPrompt,
        ops.reshapeTo(g, fromSelf, inputs.completionQueryShape, ['g', kv, 'crt', d]),
      );
    });

    const padded = ops.concat(
      g,
      [rows(promptOut, 'prompt_rows'), rows(completionOut, 'completion_rows')],
      0,
      'padded_query_rows',
    );
    const packed = ops.permuteRows(g, padded, inputs.queryInverse, inputs.outputRows, true);
    return ops.reshape(g, packed, ['tokens', heads * d]);
  };
}
