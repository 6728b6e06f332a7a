import { DoppioError } from '@doppio/core';
import { completionLoss, completionRows, type CompletionLoss } from './completion-loss.js';
import { entropyBonus } from './entropy-bonus.js';
import { activeRows, checkLossInput, lossBatch, row, type LossInput, type LossResult } from './loss-input.js';
import type { LossSettings } from './loss-settings.js';
import { MetricTotals } from './metrics.js';
import type { LossBatch } from './token-loss.js';
import { entropyStatistics, type EntropyStatistics } from './top-entropy.js';

/**
 * Loss of a batch, or of a micro-batch of it (losses and derivatives of micro-batches add up to those of the batch), and
 * its derivatives by log-probabilities and entropies, in 64-bit arithmetic. Masks, sampler corrections and old
 * log-probabilities are constants. Where `oldLogProbs` are missing the ratio is pi over itself held constant.
 *
 * loss = sum over tokens of weight * (policy * kept * high entropy * sampler correction + beta * KL)
 *        - entropyCoefficient * mean entropy of the high-entropy tokens
 *
 * Formulas are those of TRL 1.16.
 * @throws DoppioError LOSS_INPUT for input that does not belong together; LOSS_NOT_FINITE naming the completion
 */
export function computeLoss(input: LossInput, settings: LossSettings): LossResult {
  checkLossInput(input, {
    ...(settings.beta === 0 ? {} : { referenceLogProbs: 'a KL coefficient other than 0' }),
    ...(settings.samplerCorrection === undefined ? {} : { samplingLogProbs: 'the sampler correction' }),
  });
  const batch = lossBatch(input, settings.maskTruncated);
  const active = activeRows(input, settings.maskTruncated);
  const entropy = settings.topEntropyQuantile < 1 ? batchEntropies(input, settings, batch) : undefined;
  const metrics = new MetricTotals();
  const dLogProbs = new Float64Array(input.logProbs.data.length);
  let loss = 0;
  active.forEach((isActive, i) => {
    const result = completionLoss(
      completionRows(input, i, isActive),
      settings,
      batch,
      entropy?.entropyThreshold,
    );
    if (!Number.isFinite(result.loss) || !result.dLogProbs.every(Number.isFinite))
      throw notFinite(input, i, result);
    loss += result.loss;
    dLogProbs.set(result.dLogProbs, input.logProbs.offsets[i]);
    metrics.add(result.metrics);
  });
  const bonus = entropyBonus(input, settings, active, entropy, batch);
  return {
    loss: loss - bonus.loss,
    dLogProbs,
    ...(bonus.dEntropies === undefined ? {} : { dEntropies: bonus.dEntropies }),
    metrics: {
      ...(bonus.dEntropies === undefined
        ? {}
        : { policy_loss: loss, entropy_coef: settings.entropyCoefficient }),
      ...metrics.values(),
    },
  };
}

/**
 * What has to be known about a whole batch before micro-batches of it can be computed; undefined when nothing has to.
 * @throws DoppioError LOSS_INPUT
 */
export function lossStatistics(input: LossInput, settings: LossSettings): EntropyStatistics | undefined {
  if (settings.topEntropyQuantile >= 1) return undefined;
  checkLossInput(input, {});
  const active = activeRows(input, settings.maskTruncated);
  const entropies = active.flatMap((isActive, i) => (isActive ? [...row(input.entropies, i)] : []));
  return entropyStatistics(Float64Array.from(entropies), settings.topEntropyQuantile);
}

function batchEntropies(input: LossInput, settings: LossSettings, batch: LossBatch): EntropyStatistics {
  const { entropyThreshold, highEntropyTokens } = input.batch.statistics ?? {};
  if (entropyThreshold !== undefined && highEntropyTokens !== undefined)
    return { entropyThreshold, highEntropyTokens };
  if (input.batch.completions !== input.advantages.length)
    throw new DoppioError('LOSS_INPUT', {
      what: 'the top-entropy mask of a micro-batch depends on the entropies of the whole batch',
      where: 'batch.statistics',
      seen: `none, for ${String(input.advantages.length)} of ${String(batch.completions)} completions`,
      fix: 'pass what batchStatistics returns for the whole batch',
    });
  return lossStatistics(input, settings) as EntropyStatistics;
}

function notFinite(input: LossInput, completion: number, { loss, dLogProbs }: CompletionLoss): DoppioError {
  const token = dLogProbs.findIndex((d) => !Number.isFinite(d));
  const logProbs = row(input.logProbs, completion);
  const bad = logProbs.findIndex((value) => !Number.isFinite(value));
  const at = bad === -1 ? Math.max(token, 0) : bad;
  return new DoppioError('LOSS_NOT_FINITE', {
    what: 'the loss of a completion or its derivative is not a finite number',
    where: `completion ${String(completion)}, token ${String(at)}`,
    seen: `loss ${String(loss)}, log-probability ${String(logProbs[at])}`,
    fix: 'lower the learning rate or switch gradient clipping on; look at the rollouts of this step',
  });
}
