import { describe, expect, it } from 'vitest';
import { differences } from '../../test/differences.js';
import { microBatch, randomLossInput } from '../../test/random-loss-input.js';
import { lossSettings } from '../grpo-optimizer.js';
import { GrpoOptionsSchema, type GrpoOptionsInput } from '../options.js';
import { computeLoss, lossStatistics } from './compute-loss.js';
import type { LossInput } from './loss-input.js';
import type { LossSettings } from './loss-settings.js';
import { tokenLosses, tokenLossNames } from './table.js';
import type { TokenLoss } from './token-loss.js';

const settings = (options: GrpoOptionsInput): LossSettings => lossSettings(GrpoOptionsSchema.parse(options));

const variants: readonly [string, GrpoOptionsInput][] = [
  ['alone', {}],
  ['sequence ratio', { importanceSamplingLevel: 'sequence' }],
  ['asymmetric and two-sided clipping', { epsilonLow: 0.1, epsilonHigh: 0.28, delta: 1.4 }],
  ['KL', { beta: 0.04 }],
  ['KL with bias correction', { beta: 0.1, useBiasCorrectionKl: true }],
  [
    'KL with bias correction, sequence ratio',
    { beta: 0.1, useBiasCorrectionKl: true, importanceSamplingLevel: 'sequence' },
  ],
  ['entropy bonus', { entropyCoefficient: 0.02 }],
  ['top-entropy mask with bonus', { topEntropyQuantile: 0.3, entropyCoefficient: 0.02 }],
  ['truncated sampler correction', { samplerCorrection: { mode: 'token_truncate', max: 1.2 } }],
  ['masked sampler correction', { samplerCorrection: { mode: 'token_mask', min: 0.7, max: 1.4 } }],
  ['off-policy mask', { offPolicyMaskThreshold: 0 }],
  ['truncated completions masked', { maskTruncated: true, beta: 0.04, entropyCoefficient: 0.02 }],
];
const each = tokenLossNames.flatMap((loss) =>
  variants.map(([name, options]) => [loss, name, options] as const),
);

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void => {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) =>
    expect(actual[i], `token ${String(i)}`).toBeCloseTo(value, digits),
  );
};

describe('derivatives are those that finite differences show', () => {
  // cispo and vespo hold their coefficient constant, so only what is around it can be differenced: see below.
  const smooth = each.filter(([loss]) => loss !== 'cispo' && loss !== 'vespo');
  it.each(smooth)('%s, %s', (loss, _, options) => {
    const config = settings({ loss, ...options });
    const input = randomLossInput(7);
    const statistics = { ...lossStatistics(input, config) };
    const fixed: LossInput = { ...input, batch: { ...input.batch, statistics } };
    const { dLogProbs, dEntropies } = computeLoss(fixed, config);
    const slope = (): number => computeLoss(fixed, config).loss;
    expectClose(dLogProbs, differences(fixed.logProbs.data, slope), 7);
    expectClose(
      dEntropies ?? new Float64Array(dLogProbs.length),
      differences(fixed.entropies.data, slope),
      7,
    );
    expect(dLogProbs.some((d) => d !== 0)).toBe(true);
  });

  it.each(['cispo', 'vespo'] as const)('%s, its coefficient held constant', (name) => {
    const { logProbs, oldLogProbs, advantages, batch } = randomLossInput(3);
    const old = oldLogProbs.data.slice(0, 5);
    const now = Float64Array.from(logProbs.data.slice(0, 5));
    const logRatio = now.map((value, t) => value - (old[t] as number));
    const rest = {
      logRatio,
      ratio: logRatio.map(Math.exp),
      sequenceRatio: false,
      correction: undefined,
      advantage: advantages[0] as number,
    };
    const totals = { completions: 6, tokens: batch.activeTokens, maxCompletionLength: 9 };
    const terms = (): ReturnType<TokenLoss> =>
      tokenLosses[name]({ logProbs: now, ...rest }, totals, settings({ loss: name }));
    expectClose(
      terms().dLogProb ?? [],
      differences(now, () => terms().loss.reduce((sum, value) => sum + value, 0)),
      7,
    );
  });
});

describe('micro-batches add up to their batch', () => {
  it.each(each)('%s, %s', (loss, _, options) => {
    const config = settings({ loss, ...options });
    const input = randomLossInput(11);
    const statistics = { ...lossStatistics(input, config) };
    const whole = computeLoss(input, config);
    const withStatistics = { ...input, batch: { ...input.batch, statistics } };
    const parts = [
      [0, 2],
      [2, 1],
      [3, 3],
    ].map(([first = 0, count = 0]) => computeLoss(microBatch(withStatistics, first, count), config));
    expect(parts.reduce((sum, part) => sum + part.loss, 0)).toBeCloseTo(whole.loss, 12);
    expectClose(
      parts.flatMap(({ dLogProbs }) => [...dLogProbs]),
      whole.dLogProbs,
      14,
    );
    if (whole.dEntropies)
      expectClose(
        parts.flatMap(({ dEntropies }) => [...(dEntropies ?? [])]),
        whole.dEntropies,
        14,
      );
  });

  it('refuses the top-entropy mask of a micro-batch without statistics of its batch', () => {
    const part = microBatch(randomLossInput(1), 0, 3);
    expect(() => computeLoss(part, settings({ topEntropyQuantile: 0.2 }))).toThrow(/batchStatistics/);
  });
});

describe('on the first update', () => {
  it.each(tokenLossNames)('%s has the ratio 1 and the slope of the plain policy gradient', (loss) => {
    const { oldLogProbs: _, ...input } = randomLossInput(5);
    const { dLogProbs, metrics } = computeLoss(input, settings({ loss }));
    const explicit = computeLoss({ ...input, oldLogProbs: input.logProbs }, settings({ loss }));
    expectClose(dLogProbs, explicit.dLogProbs, 15);
    const { offsets } = input.logProbs;
    input.advantages.forEach((advantage, i) => {
      const d = dLogProbs.subarray(offsets[i], offsets[i + 1]);
      expect(Math.sign(d[0] as number)).toBe(-Math.sign(advantage));
      for (const value of d) expect(value).toBeCloseTo(d[0] as number, 15);
    });
    expect(metrics['clip_ratio/region_mean'] ?? 0).toBe(0);
  });
});

describe('masks', () => {
  it.each(tokenLossNames)('%s of a batch that is masked as a whole is 0', (loss) => {
    const input = { ...randomLossInput(2), mask: new Uint8Array(6) };
    const result = computeLoss(input, settings({ loss, beta: 0.04, entropyCoefficient: 0.1 }));
    expect(Math.abs(result.loss)).toBe(0);
    expect([...result.dLogProbs, ...(result.dEntropies ?? [])].every((d) => d === 0)).toBe(true);
    expect(Object.values(result.metrics).every(Number.isFinite)).toBe(true);
  });

  it('leaves truncated completions out as if they were masked', () => {
    const input = randomLossInput(4);
    const masked = {
      ...input,
      mask: input.truncated.map((bit) => 1 - bit),
      batch: { ...input.batch, activeTokens: input.batch.untruncatedTokens },
    };
    for (const loss of tokenLossNames)
      expect(computeLoss(input, settings({ loss, maskTruncated: true }))).toEqual(
        computeLoss(masked, settings({ loss })),
      );
  });

  it('counts a masked completion in the mean over completions', () => {
    const input = randomLossInput(4);
    const mask = Uint8Array.of(1, 1, 1, 1, 1, 0);
    const all = computeLoss(input, settings({ loss: 'grpo' })).dLogProbs;
    const some = computeLoss({ ...input, mask }, settings({ loss: 'grpo' })).dLogProbs;
    expectClose(some.subarray(0, 20), all.subarray(0, 20), 15);
    expect([...some.subarray(20)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('gives a policy gradient only to tokens of high entropy', () => {
    const input = randomLossInput(9);
    const config = settings({ topEntropyQuantile: 0.25 });
    const { entropyThreshold, highEntropyTokens } = lossStatistics(input, config) ?? {
      entropyThreshold: NaN,
      highEntropyTokens: NaN,
    };
    expect(highEntropyTokens).toBe(7);
    computeLoss({ ...input, oldLogProbs: undefined }, config).dLogProbs.forEach((d, t) => {
      expect(d !== 0).toBe((input.entropies.data[t] as number) >= entropyThreshold);
    });
  });
});

describe('the sampler correction', () => {
  it('takes a log-probability that the sampler did not report for equal', () => {
    const input = randomLossInput(6);
    const samplingLogProbs = { ...input.oldLogProbs, data: input.oldLogProbs.data.map(() => NaN) };
    const corrected = computeLoss(
      { ...input, samplingLogProbs },
      settings({ samplerCorrection: { mode: 'token_truncate', max: 2 } }),
    );
    expectClose(corrected.dLogProbs, computeLoss(input, settings({})).dLogProbs, 15);
    expect(corrected.metrics['sampling/importance_sampling_ratio/mean']).toBe(1);
  });

  it('measures differences where the sampler reported something, and sequences without tokens as TRL does', () => {
    const input = randomLossInput(6);
    const data = input.oldLogProbs.data.map((value, t) => (t === 0 ? NaN : value - 0.25));
    const config = settings({ samplerCorrection: { mode: 'token_truncate', max: 2 } });
    const { metrics } = computeLoss({ ...input, samplingLogProbs: { ...input.oldLogProbs, data } }, config);
    expect(metrics['sampling/sampling_logp_difference/mean']).toBeCloseTo(0.25, 12);
    const mask = Uint8Array.of(1, 0, 0, 0, 0, 0);
    const lowered = input.oldLogProbs.data.map((value) => value + 0.1);
    const sequences = computeLoss(
      { ...input, mask, samplingLogProbs: { ...input.oldLogProbs, data: lowered } },
      settings({ samplerCorrection: { mode: 'sequence_truncate', max: 2 } }),
    ).metrics;
    expect(sequences['sampling/importance_sampling_ratio/max']).toBe(1);
    expect(sequences['sampling/importance_sampling_ratio/mean']).toBeCloseTo((Math.exp(-0.5) + 5) / 6, 12);
  });

  it('masks a sequence as a whole', () => {
    const input = randomLossInput(6);
    const data = input.oldLogProbs.data.slice();
    data[0] = (data[0] as number) - 2;
    const { dLogProbs } = computeLoss(
      { ...input, samplingLogProbs: { ...input.oldLogProbs, data } },
      settings({ samplerCorrection: { mode: 'sequence_mask', max: 3 } }),
    );
    expect([...dLogProbs.subarray(0, 5)].every((d) => d === 0)).toBe(true);
    expect(dLogProbs.subarray(5).some((d) => d !== 0)).toBe(true);
  });
});

describe("a loss of one's own", () => {
  const reinforce: TokenLoss = ({ logProbs, advantage }, batch) => ({
    loss: logProbs.map((logProb) => -advantage * logProb),
    dLogProb: logProbs.map(() => -advantage),
    weight: 1 / (batch.completions * Math.max(logProbs.length, 1)),
    metrics: { 'reinforce/advantage': { reduce: 'mean', sum: advantage, count: 1 } },
  });

  it('is one pure function; masks, KL and metrics are added around it', () => {
    const input = randomLossInput(8);
    const config = settings({ loss: reinforce, beta: 0.04, entropyCoefficient: 0.01 });
    const { dLogProbs, metrics } = computeLoss(input, config);
    expectClose(
      dLogProbs,
      differences(input.logProbs.data, () => computeLoss(input, config).loss),
      7,
    );
    expect(metrics['reinforce/advantage']).toBeCloseTo(
      input.advantages.reduce((sum, a) => sum + a, 0) / 6,
      12,
    );
    expect(metrics['kl']).toBeGreaterThan(0);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no weight', { loss: new Float64Array(5) }],
    ['a weight that is NaN', { loss: new Float64Array(5), weight: NaN }],
  ])('is told when it returns %s', (_, terms) => {
    const wrong = (() => terms) as unknown as TokenLoss;
    expect(() => computeLoss(randomLossInput(8), settings({ loss: wrong }))).toThrow(
      expect.objectContaining({ code: 'LOSS_TERMS' }),
    );
  });

  it('is told when it returns arrays of the wrong length', () => {
    const wrong: TokenLoss = (completion, batch, options) => ({
      ...reinforce(completion, batch, options),
      dRatio: new Float64Array(2),
    });
    expect(() => computeLoss(randomLossInput(8), settings({ loss: wrong }))).toThrow(
      expect.objectContaining({ code: 'LOSS_TERMS' }),
    );
  });
});

describe('input that does not belong together', () => {
  const good = randomLossInput(1);
  const { offsets, data } = good.logProbs;
  it.each<[string, LossInput, GrpoOptionsInput, RegExp]>([
    ['no completions', { ...good, advantages: new Float64Array(0) }, {}, /at least one completion/],
    ['a mask of another batch', { ...good, mask: new Uint8Array(5) }, {}, /mask/],
    [
      'too few log-probabilities',
      { ...good, logProbs: { data: data.slice(1), offsets } },
      {},
      /logProbs\.data/,
    ],
    [
      'offsets that fall',
      { ...good, logProbs: { data, offsets: Int32Array.of(0, 5, 4, 13, 16, 20, 26) } },
      {},
      /4 at 2/,
    ],
    [
      'old log-probabilities of another layout',
      { ...good, oldLogProbs: { data, offsets: Int32Array.of(0, 4, 6, 13, 16, 20, 26) } },
      {},
      /oldLogProbs\.offsets/,
    ],
    [
      'KL without a reference',
      { ...good, referenceLogProbs: undefined },
      { beta: 0.1 },
      /referenceLogProbs are missing/,
    ],
    [
      'a correction without the sampler',
      { ...good, samplingLogProbs: undefined },
      { samplerCorrection: { mode: 'token_mask', max: 2 } },
      /samplingLogProbs are missing/,
    ],
    [
      'an advantage that is NaN',
      { ...good, advantages: good.advantages.map(() => NaN) },
      {},
      /advantages\[0\]/,
    ],
    [
      'totals of another batch',
      { ...good, batch: { ...good.batch, activeTokens: 25 } },
      {},
      /batch\.activeTokens/,
    ],
  ])('%s', (_, input, options, message) => {
    expect(() => computeLoss(input, settings(options))).toThrow(message);
    expect(() => computeLoss(input, settings(options))).toThrow(
      expect.objectContaining({ code: 'LOSS_INPUT' }),
    );
  });

  it('names the token whose log-probability is no number', () => {
    const bad = data.slice();
    bad[7] = NaN;
    expect(() => computeLoss({ ...good, logProbs: { data: bad, offsets } }, settings({}))).toThrow(
      /completion 2, token 1/,
    );
  });
});
