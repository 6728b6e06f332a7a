import { createStream, type RandomStream } from '@doppio/core';
import { describe, expect, it } from 'vitest';
import { differences } from '../../test/differences.js';
import { microBatch, randomLossInput } from '../../test/random-loss-input.js';
import { GrpoOptimizer, lossSettings } from '../grpo-optimizer.js';
import { GrpoOptionsSchema, type GrpoOptionsInput } from '../options.js';
import { computeLoss, lossStatistics } from './compute-loss.js';
import type { LossInput } from './loss-input.js';
import type { LossSettings } from './loss-settings.js';
import { tokenLossNames } from './table.js';
import type { TokenLoss } from './token-loss.js';

// Options interact (masks with corrections, ratios per sequence with KL): single ones are checked beside, combinations here.
const COMBINATIONS = 100;

function pick<T>(random: RandomStream, values: readonly T[]): T {
  return values[random.integer(values.length)] as T;
}

function optionsOf(random: RandomStream): GrpoOptionsInput {
  const loss = pick(random, tokenLossNames);
  const modes = ['token_truncate', 'token_mask', 'sequence_truncate', 'sequence_mask'] as const;
  const mode = pick(random, loss === 'vespo' ? modes.slice(0, 2) : modes);
  return {
    loss,
    importanceSamplingLevel: pick(random, ['token', 'sequence']),
    epsilonLow: pick(random, [0, 0.1, 0.2]),
    epsilonHigh: pick(random, [undefined, 0, 0.28, 5]),
    delta: pick(random, [undefined, 0.8, 1.2]),
    beta: pick(random, [0, 0, 0.1]),
    useBiasCorrectionKl: pick(random, [false, true]),
    entropyCoefficient: pick(random, [0, 0, 0.02, -0.02]),
    topEntropyQuantile: pick(random, [1, 1, 0.37, 0.13]),
    samplerCorrection: pick(random, [undefined, { mode, min: 0.6, max: 1.3 }]),
    offPolicyMaskThreshold: pick(random, [undefined, 0, 0.05]),
    maskTruncated: pick(random, [false, true]),
  };
}

/** A batch with an empty completion among it, some masked, some advantages 0; on policy or off. */
function inputOf(random: RandomStream, seed: number): LossInput {
  const input = randomLossInput(seed);
  const { offsets, data } = input.logProbs;
  const withEmpty = Int32Array.of(...offsets, data.length);
  const widen = <V extends { data: Float32Array | Float64Array }>(values: V) => ({
    ...values,
    offsets: withEmpty,
  });
  const mask = Uint8Array.of(1, 1, pick(random, [0, 1]), 1, 1, 1, 1);
  const truncated = Uint8Array.of(...input.truncated, pick(random, [0, 1]));
  const tokens = (counts: (i: number) => boolean): number =>
    mask.reduce(
      (sum, _, i) => sum + (counts(i) ? (withEmpty[i + 1] as number) - (withEmpty[i] as number) : 0),
      0,
    );
  return {
    ...input,
    logProbs: widen(input.logProbs),
    entropies: widen(input.entropies),
    oldLogProbs: random.next() < 0.3 ? undefined : widen(input.oldLogProbs),
    referenceLogProbs: input.referenceLogProbs && widen(input.referenceLogProbs),
    samplingLogProbs: input.samplingLogProbs && widen(input.samplingLogProbs),
    advantages: Float64Array.from([...input.advantages.map((a) => (random.next() < 0.2 ? 0 : a)), 1]),
    mask,
    truncated,
    batch: {
      completions: 7,
      activeTokens: tokens((i) => mask[i] === 1),
      untruncatedTokens: tokens((i) => mask[i] === 1 && truncated[i] === 0),
      maxCompletionLength: 9,
    },
  };
}

/** cispo and vespo hold a coefficient constant: the loss with those of the first call, so that it can be differenced. */
function frozen(loss: TokenLoss, completions: number): TokenLoss {
  const coefficients: Float64Array[] = [];
  let call = 0;
  return (completion, batch, options) => {
    const terms = loss(completion, batch, options);
    const fixed = (coefficients[call % completions] ??= terms.dLogProb ?? new Float64Array(0));
    call += 1;
    if (terms.dLogProb === undefined) return terms;
    return { ...terms, loss: fixed.map((d, t) => d * (completion.logProbs[t] as number)) };
  };
}

/** Old log-probabilities that are missing are the current ones held constant. */
function pinned(input: LossInput): LossInput {
  const { logProbs } = input;
  return { ...input, oldLogProbs: input.oldLogProbs ?? { ...logProbs, data: logProbs.data.slice() } };
}

const combinations = Array.from({ length: COMBINATIONS }, (_, i) => {
  const random = createStream({ seed: i, purpose: 'loss-combinations' });
  return [i, optionsOf(random), inputOf(random, i)] as const;
});
const settingsOf = (options: GrpoOptionsInput): LossSettings =>
  lossSettings(GrpoOptionsSchema.parse(options));

describe.each(combinations)('combination %i, %j', (_, options, input) => {
  const settings = settingsOf(options);
  const statistics = { ...lossStatistics(input, settings) };
  const fixed = { ...input, batch: { ...input.batch, statistics } };

  it('has the derivatives that finite differences show', () => {
    // At a bound the slope is one-sided; on policy with an epsilon of 0 every ratio is at one.
    if (input.oldLogProbs === undefined && (options.epsilonLow === 0 || options.epsilonHigh === 0)) return;
    const differenced = pinned(fixed);
    const config = { ...settings, loss: frozen(settings.loss, input.mask.length) };
    const { dLogProbs, dEntropies } = computeLoss(differenced, config);
    const loss = (): number => computeLoss(differenced, config).loss;
    differences(differenced.logProbs.data, loss).forEach((slope, t) => {
      expect(dLogProbs[t]).toBeCloseTo(slope, 7);
    });
    differences(differenced.entropies.data, loss).forEach((slope, t) => {
      expect(dEntropies?.[t] ?? 0).toBeCloseTo(slope, 7);
    });
    expect(computeLoss(fixed, settings).dLogProbs).toEqual(dLogProbs);
  });

  it('adds up over micro-batches', () => {
    const whole = computeLoss(input, settings);
    const parts = [
      [0, 1],
      [1, 3],
      [4, 3],
    ].map(([first = 0, count = 0]) => computeLoss(microBatch(fixed, first, count), settings));
    expect(parts.reduce((sum, part) => sum + part.loss, 0)).toBeCloseTo(whole.loss, 12);
    parts
      .flatMap(({ dLogProbs }) => [...dLogProbs])
      .forEach((d, t) => {
        expect(d).toBeCloseTo(whole.dLogProbs[t] as number, 14);
      });
    parts
      .flatMap(({ dEntropies }) => [...(dEntropies ?? [])])
      .forEach((d, t) => {
        expect(d).toBeCloseTo(whole.dEntropies?.[t] ?? NaN, 14);
      });
  });

  it('knows on-policy derivatives only where they do not depend on scores', () => {
    if (!new GrpoOptimizer(options).derivativeKnownOnPolicy) return;
    const { offsets } = input.logProbs;
    const zeros = { data: new Float64Array(input.logProbs.data.length), offsets };
    const unscored = { ...input, oldLogProbs: undefined, logProbs: zeros, entropies: zeros };
    expect(computeLoss(unscored, settings).dLogProbs).toEqual(
      computeLoss({ ...input, oldLogProbs: undefined }, settings).dLogProbs,
    );
  });
});
