import { describe, expect, it } from 'vitest';
import { tokenLosses, tokenLossNames, type TokenLossName } from './table.js';
import type { LossBatch, LossCompletion, LossOptions, TokenTerms } from './token-loss.js';

const batch: LossBatch = { completions: 4, tokens: 20, maxCompletionLength: 16 };
const options: LossOptions = {
  epsilonLow: 0.2,
  epsilonHigh: 0.5,
  sapo: { temperaturePositive: 2, temperatureNegative: 4 },
  vespo: { kPositive: 2, lambdaPositive: 3, kNegative: 3, lambdaNegative: 2 },
};

/** A completion whose tokens have these ratios and log-probabilities of -1. */
function terms(
  loss: TokenLossName,
  advantage: number,
  ratios: readonly number[],
  rest: Partial<LossCompletion> = {},
  more: Partial<LossOptions> = {},
): TokenTerms {
  const ratio = Float64Array.from(ratios);
  const completion = {
    logProbs: ratio.map(() => -1),
    logRatio: ratio.map(Math.log),
    ratio,
    sequenceRatio: false,
    advantage,
    correction: undefined,
  };
  return tokenLosses[loss]({ ...completion, ...rest }, batch, { ...options, ...more });
}

describe('aggregation', () => {
  const weights: Readonly<Record<TokenLossName, number>> = {
    grpo: 1 / 8,
    sapo: 1 / 8,
    bnpo: 1 / 20,
    dapo: 1 / 20,
    cispo: 1 / 20,
    vespo: 1 / 20,
    dr_grpo: 1 / 64,
    luspo: 1 / 4,
  };
  it.each(tokenLossNames)('%s', (name) => {
    expect(terms(name, 1, [1, 1]).weight).toBeCloseTo(weights[name], 15);
  });
});

describe('clipping', () => {
  it('stops a positive advantage above and a negative one below', () => {
    const up = terms('grpo', 2, [0.5, 1, 1.4, 1.6]);
    expect([...up.loss]).toEqual([-1, -2, -2.8, -3]);
    expect([...(up.dRatio ?? [])]).toEqual([-2, -2, -2, -0]);
    const down = terms('grpo', -2, [0.5, 1, 1.6]);
    expect([...down.loss]).toEqual([1.6, 2, 3.2]);
    expect([...(down.dRatio ?? [])].map(Math.abs)).toEqual([0, 2, 2]);
  });

  it('also stops a negative advantage above delta', () => {
    const { loss, dRatio } = terms('grpo', -2, [3, 9], {}, { delta: 4 });
    expect([...loss]).toEqual([6, 8]);
    expect([...(dRatio ?? [])].map(Math.abs)).toEqual([2, 0]);
  });

  it('counts the tokens it stops, or the sequence', () => {
    const mean = (value: TokenTerms, name: string): unknown => value.metrics?.[name];
    expect(mean(terms('grpo', 1, [1.6, 1, 0.1, 2]), 'clip_ratio/high_mean')).toEqual({
      reduce: 'mean',
      sum: 2,
      count: 4,
    });
    expect(mean(terms('grpo', 1, [1.6, 1.6], { sequenceRatio: true }), 'clip_ratio/high_mean')).toEqual({
      reduce: 'mean',
      sum: 1,
      count: 1,
    });
    expect(mean(terms('grpo', -1, [1.6, 0.1]), 'clip_ratio/low_min')).toEqual({ reduce: 'min', value: 0.5 });
  });
});

describe('soft losses', () => {
  it('cispo caps the ratio and keeps the gradient', () => {
    const { loss, dLogProb } = terms('cispo', 2, [0.25, 3], {}, { epsilonHigh: 2 });
    expect([...(dLogProb ?? [])]).toEqual([-0.5, -4]);
    expect([...loss]).toEqual([0.5, 4]);
  });

  it('sapo has the slope of the plain objective at 1 and flattens with its temperature', () => {
    expect(terms('sapo', 3, [1]).dRatio?.[0]).toBeCloseTo(-3, 12);
    expect(terms('sapo', -3, [1]).dRatio?.[0]).toBeCloseTo(3, 12);
    expect(terms('sapo', 1, [2]).dRatio?.[0]).toBeCloseTo(-1 / Math.cosh(1) ** 2, 12);
    expect(terms('sapo', -1, [2]).dRatio?.[0]).toBeCloseTo(1 / Math.cosh(2) ** 2, 12);
  });

  it('vespo weighs a sequence by the product of its ratios and corrections', () => {
    const phi = (w: number): number => w ** 2 * Math.exp(3 - 3 * w);
    expect(terms('vespo', 1, [1, 1]).dLogProb?.[0]).toBeCloseTo(-1, 12);
    expect(terms('vespo', 1, [2, 0.8]).dLogProb?.[1]).toBeCloseTo(-phi(1.6), 12);
    const corrected = terms('vespo', 1, [2, 0.8], { correction: Float64Array.of(0.5, 1) });
    expect(corrected.dLogProb?.[0]).toBeCloseTo(-phi(0.8), 12);
    expect(corrected.corrected).toBe(true);
    expect(terms('vespo', -1, [2]).dLogProb?.[0]).toBeCloseTo(8 * Math.exp(2 - 4), 12);
  });

  it('vespo takes its numbers in 32 bits, as TRL does, and no lambda below 1e-4', () => {
    const vespo = { kPositive: 0.7, lambdaPositive: 0.3, kNegative: 3, lambdaNegative: -1 };
    const [k, lambda, least] = [0.7, 0.3, 1e-4].map(Math.fround) as [number, number, number];
    // 0.7 and 0.3 in 64 bits would differ from the 9th digit on.
    expect(terms('vespo', 1, [20], {}, { vespo }).dLogProb?.[0]).toBeCloseTo(
      -Math.exp(lambda + k * Math.log(20) - lambda * 20),
      12,
    );
    expect(terms('vespo', -1, [2], {}, { vespo }).dLogProb?.[0]).toBeCloseTo(8 * Math.exp(-least), 12);
  });

  it('vespo drops a sequence that has drifted away without overflowing', () => {
    const { dLogProb } = terms('vespo', 1, [1e9, 1e9]);
    expect(Math.abs(dLogProb?.[0] ?? NaN)).toBe(0);
  });
});
