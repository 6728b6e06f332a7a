import { differentiate, GraphBuilder, ops, prune, type Graph, type Value } from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';

/**
 * Final norm, language-model head and scores. A hidden state is scored once even where several completions continue
 * from it (a prompt's last token): `rows` [row] are distinct tokens, `pairs` int64 [k, 2] say which (row, target)
 * each completion token is.
 */
export interface Head {
  readonly norm: Value;
  readonly weight: Value;
  readonly logits: Value;
  readonly inverseTemperature: Value;
  /** [row, vocabulary] */
  readonly logProbs: Value;
  /** [k] */
  readonly chosen: Value;
  /** [row, 1], nats */
  readonly entropy: Value;
}

/** Declares the head's inputs and adds its forward pass; `hidden` [token, hidden]. */
export function declareHead(g: GraphBuilder, config: ModelConfig, hidden: Value): Head {
  const rows = g.input('rows', 'int64', ['row']);
  const inverse = g.input('rows_inverse', 'int64', ['tokens']);
  const pairs = g.input('pairs', 'int64', ['k', 2]);
  const inverseTemperature = g.input('inverse_temperature', 'float32', []);
  const norm = g.input('norm.weight', 'float32', [config.hiddenSize]);
  const weight = g.input('lm_head.weight', 'float32', [config.vocabularySize, config.hiddenSize]);
  return g.scope('head', () => {
    const picked = ops.permuteRows(g, hidden, rows, inverse, true);
    const logits = ops.matmul(g, ops.rmsNorm(g, picked, norm, config.rmsNormEpsilon), weight, {
      transB: true,
    });
    const logProbs = ops.logSoftmax(g, ops.mul(g, logits, inverseTemperature));
    const chosen = g.emit1('GatherND', [logProbs, pairs], 'float32', ['k']);
    const entropy = ops.neg(g, ops.reduceSum(g, ops.mul(g, ops.exp(g, logProbs), logProbs), [-1], true));
    return { norm, weight, logits, inverseTemperature, logProbs, chosen, entropy };
  });
}

/**
 * dLoss/dLogits [row, vocabulary], by hand so that tensors of this size are touched as seldom as possible:
 * dLogits = sum over a row's pairs of dLogProb (onehot(target) - p), less dEntropy p (log p + entropy), over the
 * temperature. Declares `d_pairs` int64 [d, 2], distinct, with `d_pair_values` [d] (dLogProb, equal pairs added up),
 * `d_row_sums` [row, 1] (dLogProb added up over a row's pairs) and, if asked, `d_row_entropies` [row, 1].
 */
export function headGradient(
  g: GraphBuilder,
  config: ModelConfig,
  { logProbs, entropy, inverseTemperature }: Head,
  withEntropy: boolean,
): Value {
  const dPairs = g.input('d_pairs', 'int64', ['d', 2]);
  const dValues = g.input('d_pair_values', 'float32', ['d']);
  const dSums = g.input('d_row_sums', 'float32', ['row', 1]);
  const dEntropies = withEntropy ? g.input('d_row_entropies', 'float32', ['row', 1]) : undefined;
  return g.scope('head/gradient', () => {
    const scale =
      dEntropies === undefined
        ? ops.neg(g, dSums)
        : ops.neg(g, ops.add(g, dSums, ops.mul(g, dEntropies, ops.add(g, logProbs, entropy))));
    const spread = ops.mul(g, ops.exp(g, logProbs), scale);
    // Indices are distinct, so that the order of additions cannot matter.
    const scattered = g.emit1(
      'ScatterND',
      [spread, dPairs, dValues],
      'float32',
      ['row', config.vocabularySize],
      { attributes: { reduction: { kind: 'string', value: 'add' } } },
    );
    return ops.mul(g, scattered, inverseTemperature);
  });
}

/** Inputs `hidden` [token, hidden] and those of {@link declareHead}; outputs `log_probs` [k], `entropies` [row, 1]. */
export function headForward(config: ModelConfig): Graph {
  const g = new GraphBuilder('head_forward');
  const { chosen, entropy } = declareHead(
    g,
    config,
    g.input('hidden', 'float32', ['tokens', config.hiddenSize]),
  );
  g.output('log_probs', chosen);
  g.output('entropies', entropy);
  return prune(g.finish());
}

/**
 * Adds the inputs of {@link headGradient} and outputs `d_hidden` [token, hidden], to which `d_hidden_before` is added
 * (so that chunks of rows add up; [1, 1] zero at first); with `full` also `d_norm.weight` and `d_lm_head.weight`.
 * Also returns the scores: a loss whose derivative is known beforehand needs no forward pass.
 */
export function headBackward(
  config: ModelConfig,
  options: { readonly full: boolean; readonly entropy: boolean },
): Graph {
  const g = new GraphBuilder('head_backward');
  const hidden = g.input('hidden', 'float32', ['tokens', config.hiddenSize]);
  const before = g.input('d_hidden_before', 'float32', ['before_rows', 'before_columns']);
  const head = declareHead(g, config, hidden);
  const dLogits = headGradient(g, config, head, options.entropy);
  const wrt = options.full ? [hidden, head.norm, head.weight] : [hidden];
  const [dHidden, dNorm, dWeight] = differentiate(g, [{ of: head.logits, gradient: dLogits }], wrt);
  g.output('log_probs', head.chosen);
  g.output('entropies', head.entropy);
  g.output('d_hidden', g.emit1('Add', [dHidden, before], 'float32', hidden.shape));
  if (options.full) {
    g.output('d_norm.weight', dNorm as Value);
    g.output('d_lm_head.weight', dWeight as Value);
  }
  return prune(g.finish());
}

/** Output `x` [token, hidden] of `ids` [token]. */
export function embedding(config: ModelConfig): Graph {
  const g = new GraphBuilder('embedding');
  const table = g.input('embed_tokens.weight', 'float32', [config.vocabularySize, config.hiddenSize]);
  g.output('x', ops.gather(g, table, g.input('ids', 'int64', ['tokens'])));
  return g.finish();
}
