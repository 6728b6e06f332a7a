import { DoppioError } from '@doppio/core';
import { importanceRatio, throughRatio } from './importance-ratio.js';
import { klToReference } from './kl.js';
import { row, type LossInput, type RaggedValues } from './loss-input.js';
import type { LossSettings } from './loss-settings.js';
import { tokenMean } from './metrics.js';
import { keepsSequence } from './off-policy-mask.js';
import { samplerCorrection } from './sampler-correction.js';
import { correctionMetrics } from './sampler-metrics.js';
import type { LossBatch, TokenTerms } from './token-loss.js';

export interface CompletionRows {
  readonly advantage: number;
  readonly logProbs: Float64Array;
  readonly entropies: Float64Array;
  readonly old: Float64Array;
  readonly reference: Float64Array | undefined;
  readonly sampling: Float64Array | undefined;
}

/** Completion i in 64 bits. One that is masked has no tokens, but still counts as a completion. */
export function completionRows(input: LossInput, i: number, isActive: boolean): CompletionRows {
  const values = (ragged: RaggedValues): Float64Array => (isActive ? row(ragged, i) : new Float64Array(0));
  const optional = (ragged: RaggedValues | undefined): Float64Array | undefined => ragged && values(ragged);
  const logProbs = values(input.logProbs);
  return {
    advantage: input.advantages[i] as number,
    logProbs,
    entropies: values(input.entropies),
    old: optional(input.oldLogProbs) ?? logProbs,
    reference: optional(input.referenceLogProbs),
    sampling: optional(input.samplingLogProbs),
  };
}

export interface CompletionLoss {
  readonly loss: number;
  readonly dLogProbs: Float64Array;
  readonly metrics: TokenTerms['metrics'];
}

export function completionLoss(
  { advantage, logProbs, entropies, old, reference, sampling }: CompletionRows,
  settings: LossSettings,
  batch: LossBatch,
  entropyThreshold = -Infinity,
): CompletionLoss {
  const { importanceSamplingLevel: level, beta, offPolicyMaskThreshold } = settings;
  const logRatio = logProbs.map((logProb, t) => logProb - (old[t] as number));
  const ratio = importanceRatio(logRatio, level);
  const correction =
    settings.samplerCorrection && sampling && samplerCorrection(old, sampling, settings.samplerCorrection);
  const terms = settings.loss(
    { logProbs, logRatio, ratio, sequenceRatio: level === 'sequence', advantage, correction },
    batch,
    settings,
  );
  checkTerms(terms, logProbs.length);
  const kept =
    offPolicyMaskThreshold === undefined ||
    keepsSequence(advantage, logProbs, sampling ?? old, offPolicyMaskThreshold);
  const kl = beta !== 0 && reference !== undefined ? klToReference(logProbs, reference) : undefined;
  const klFactor = (t: number): number => (settings.useBiasCorrectionKl ? (ratio[t] as number) : 1);

  const { weight } = terms;
  const dRatio = new Float64Array(logProbs.length);
  const dLogProbs = new Float64Array(logProbs.length);
  let loss = 0;
  for (let t = 0; t < logProbs.length; t += 1) {
    const counts = kept && (entropies[t] as number) >= entropyThreshold;
    const factor = counts ? weight * (terms.corrected === true ? 1 : (correction?.[t] ?? 1)) : 0;
    if (factor !== 0) {
      loss += factor * (terms.loss[t] as number);
      dRatio[t] = factor * (terms.dRatio?.[t] ?? 0);
      dLogProbs[t] = factor * (terms.dLogProb?.[t] ?? 0);
    }
    if (kl === undefined) continue;
    const perToken = kl.kl[t] as number;
    loss += weight * beta * perToken * klFactor(t);
    dLogProbs[t] = (dLogProbs[t] as number) + weight * beta * (kl.dLogProb[t] as number) * klFactor(t);
    if (settings.useBiasCorrectionKl) dRatio[t] = (dRatio[t] as number) + weight * beta * perToken;
  }
  throughRatio(dRatio, ratio, level).forEach((d, t) => {
    dLogProbs[t] = (dLogProbs[t] as number) + d;
  });
  return {
    loss,
    dLogProbs,
    metrics: {
      ...(kl === undefined ? {} : { kl: tokenMean(kl.kl.map((value, t) => value * klFactor(t))) }),
      entropy: tokenMean(entropies),
      ...terms.metrics,
      ...(correction && sampling && settings.samplerCorrection
        ? correctionMetrics(old, sampling, correction, settings.samplerCorrection)
        : {}),
    },
  };
}

/** Catches a loss of one's own that returns no terms, or arrays of the wrong length. */
function checkTerms(terms: TokenTerms | undefined, tokens: number): void {
  const { loss, dRatio, dLogProb, weight } = terms ?? ({} as Partial<TokenTerms>);
  if (loss === undefined) throw wrongTerms('loss', 'none');
  for (const [key, values] of Object.entries({ loss, dRatio, dLogProb }))
    if (values !== undefined && values.length !== tokens)
      throw wrongTerms(key, `${String(values.length)} values for ${String(tokens)} tokens`);
  if (!Number.isFinite(weight)) throw wrongTerms('weight', String(weight));
}

function wrongTerms(where: string, seen: string): DoppioError {
  return new DoppioError('LOSS_TERMS', {
    what: 'a token loss must return one value per token, and a weight',
    where,
    seen,
    fix: 'return arrays as long as the logProbs of the completion, and a finite weight',
  });
}
