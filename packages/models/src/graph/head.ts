import { differentiate, GraphBuilder, ops, prune, type Graph, type Value } from '@doppio/graph';
import type { ModelConfig } from '../config/model-config.js';

/** Inputs shared by the head's graphs; `k` rows are scored at once, which bounds the size of the logits. */
interface Head {
  readonly g: GraphBuilder;
  readonly hidden: Value;
  readonly norm: Value;
  readonly weight: Value;
  readonly gathered: Value;
  readonly logits: Value;
  readonly targets: Value;
  readonly inverseTemperature: Value;
  readonly logProbs: Value;
  readonly chosen: Value;
  readonly entropy: Value;
}

function buildHead(config: ModelConfig, name: string): Head {
  const g = new GraphBuilder(name);
  const hidden = g.input('hidden', 'float32', ['tokens', config.hiddenSize]);
  const rows = g.input('rows', 'int64', ['k']);
  const targets = g.input('targets', 'int64', ['k', 1]);
  const inverseTemperature = g.input('inverse_temperature', 'float32', []);
  const norm = g.input('norm.weight', 'float32', [config.hiddenSize]);
  const weight = g.input('lm_head.weight', 'float32', [config.vocabularySize, config.hiddenSize]);
  const gathered = ops.gather(g, hidden, rows);
  const logits = ops.matmul(g, ops.rmsNorm(g, gathered, norm, config.rmsNormEpsilon), weight, { transB: true });
  const logProbs = ops.logSoftmax(g, ops.mul(g, logits, inverseTemperature));
  const chosen = ops.gatherElements(g, logProbs, targets);
  const entropy = ops.neg(g, ops.reduceSum(g, ops.mul(g, ops.exp(g, logProbs), logProbs), [-1], true));
  return { g, hidden, norm, weight, gathered, logits, targets, inverseTemperature, logProbs, chosen, entropy };
}

/** Outputs `log_probs` and `entropies` [k, 1] of `targets` given the hidden states at `rows`. */
export function headForward(config: ModelConfig): Graph {
  const { g, chosen, entropy } = buildHead(config, 'head_forward');
  g.output('log_probs', chosen);
  g.output('entropies', entropy);
  return prune(g.finish());
}

/**
 * Adds inputs `d_log_probs` (and `d_entropies`) [k, 1] and outputs `d_rows` [k, hidden], the gradient by the hidden
 * state at each row; with `full` also `d_norm.weight` and `d_lm_head.weight`. Also returns log-probabilities and
 * entropies, so that a loss whose derivative is known beforehand needs no forward pass.
 */
export function headBackward(config: ModelConfig, options: { readonly full: boolean; readonly entropy: boolean }): Graph {
  const head = buildHead(config, 'head_backward');
  const { g, logProbs, chosen, entropy } = head;
  const dChosen = g.input('d_log_probs', 'float32', ['k', 1]);
  // By hand, to touch the [k, vocabulary] tensors as seldom as possible:
  // dLogits = dLogProb (onehot - p) - dEntropy p (log p + entropy), over the temperature.
  const p = ops.exp(g, logProbs);
  let scale = ops.neg(g, dChosen);
  if (options.entropy) {
    const dEntropy = g.input('d_entropies', 'float32', ['k', 1]);
    scale = ops.sub(g, scale, ops.mul(g, dEntropy, ops.add(g, logProbs, entropy)));
  }
  const spread = ops.mul(g, p, scale);
  const dScaled = g.emit1('ScatterElements', [spread, head.targets, dChosen], 'float32', spread.shape, {
    attributes: { axis: { kind: 'int', value: 1 }, reduction: { kind: 'string', value: 'add' } },
  });
  const dLogits = ops.mul(g, dScaled, head.inverseTemperature);
  const wrt = options.full ? [head.gathered, head.norm, head.weight] : [head.gathered];
  const [dRows, dNorm, dWeight] = differentiate(g, [{ of: head.logits, gradient: dLogits }], wrt);
  g.output('log_probs', chosen);
  g.output('entropies', entropy);
  g.output('d_rows', dRows as Value);
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
