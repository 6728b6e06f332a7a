import { computeLoss } from '../losses/compute-loss.js';
import type { LossInput, LossResult, RaggedValues } from '../losses/loss-input.js';
import { samplerCorrection, type SamplerCorrectionMode } from '../losses/sampler-correction.js';
import type { TokenLossName } from '../losses/table.js';
import { lossSettings } from '../grpo-optimizer.js';
import { GrpoOptionsSchema, type GrpoOptions } from '../options.js';
import { relativeError, type ParityResult } from './compare.js';

type Matrix = readonly (readonly number[])[];

/** Golden numbers of a token loss; names are those of TRL, matrices are [completion, token] with a mask for padding. */
export interface LossCase {
  readonly loss_type: TokenLossName;
  readonly importance_sampling_level: 'token' | 'sequence';
  readonly beta: number;
  readonly epsilon_low: number;
  readonly epsilon_high: number;
  readonly delta: number | null;
  readonly top_entropy_quantile: number;
  readonly off_policy_mask_threshold: number | null;
  readonly use_bias_correction_kl: boolean;
  readonly entropy_coef: number;
  readonly sapo_temperature_pos: number;
  readonly sapo_temperature_neg: number;
  readonly vespo_k_pos?: number;
  readonly vespo_lambda_pos?: number;
  readonly vespo_k_neg?: number;
  readonly vespo_lambda_neg?: number;
  readonly max_completion_length: number;
  readonly is_correction: {
    readonly mode: SamplerCorrectionMode;
    readonly min: number | null;
    readonly max: number | null;
  } | null;
  readonly mask: Matrix;
  readonly advantages: readonly number[];
  readonly logps: Matrix;
  readonly entropies: Matrix;
  readonly old_logps: Matrix | null;
  readonly ref_logps: Matrix | null;
  readonly sampling_logps: Matrix | null;
  readonly is_ratio: Matrix | null;
  readonly expected: {
    readonly loss: number;
    readonly dloss_dlogps: Matrix;
    readonly dloss_dentropies: Matrix | null;
    readonly metrics: Readonly<Record<string, number>>;
  };
}

/** Significant digits that golden matrices and metrics, and golden losses, are printed with. */
const digits = 9;
const lossDigits = 12;

/** Compares {@link computeLoss} in 64 bits: the loss, its derivatives, every metric given, the sampler correction. */
export function lossCase(golden: LossCase): ParityResult {
  const input = lossCaseInput(golden);
  const result = lossCaseResult(golden, input);
  const { expected } = golden;
  const { entropies } = input;
  const errors = [
    relativeError([result.loss], [expected.loss], lossDigits),
    relativeError(padded(result.dLogProbs, golden.mask), expected.dloss_dlogps.flat(), digits),
    relativeError(
      padded(result.dEntropies ?? new Float64Array(entropies.data.length), golden.mask),
      expected.dloss_dentropies?.flat() ?? golden.mask.flat().map(() => 0),
      digits,
    ),
    ...Object.entries(expected.metrics).map(([name, value]) => metricError(result.metrics[name], value)),
    ...correctionErrors(golden, input),
  ];
  return { worstError: Math.max(...errors), limit: 1e-9 };
}

/** Our loss of a golden case. */
export function lossCaseResult(golden: LossCase, input: LossInput = lossCaseInput(golden)): LossResult {
  return computeLoss(input, lossSettings(lossCaseOptions(golden)));
}

/** The case's options as ours. */
export function lossCaseOptions(golden: LossCase): GrpoOptions {
  const correction = golden.is_correction;
  return GrpoOptionsSchema.parse({
    loss: golden.loss_type,
    importanceSamplingLevel: golden.importance_sampling_level,
    beta: golden.beta,
    epsilonLow: golden.epsilon_low,
    epsilonHigh: golden.epsilon_high,
    delta: golden.delta ?? undefined,
    topEntropyQuantile: golden.top_entropy_quantile,
    offPolicyMaskThreshold: golden.off_policy_mask_threshold ?? undefined,
    useBiasCorrectionKl: golden.use_bias_correction_kl,
    entropyCoefficient: golden.entropy_coef,
    sapo: {
      temperaturePositive: golden.sapo_temperature_pos,
      temperatureNegative: golden.sapo_temperature_neg,
    },
    vespo: {
      kPositive: golden.vespo_k_pos,
      lambdaPositive: golden.vespo_lambda_pos,
      kNegative: golden.vespo_k_neg,
      lambdaNegative: golden.vespo_lambda_neg,
    },
    samplerCorrection:
      correction === null
        ? undefined
        : { mode: correction.mode, min: correction.min ?? undefined, max: correction.max ?? undefined },
  });
}

/** The case's numbers without padding. */
export function lossCaseInput(golden: LossCase): LossInput {
  const { mask } = golden;
  const lengths = mask.map((row) => row.filter((bit) => bit === 1).length);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const ragged = (matrix: Matrix): RaggedValues => unpadded(matrix, mask);
  const optional = (matrix: Matrix | null): RaggedValues | undefined =>
    matrix === null ? undefined : ragged(matrix);
  return {
    logProbs: ragged(golden.logps),
    entropies: ragged(golden.entropies),
    oldLogProbs: optional(golden.old_logps),
    referenceLogProbs: optional(golden.ref_logps),
    samplingLogProbs: optional(golden.sampling_logps),
    advantages: Float64Array.from(golden.advantages),
    mask: new Uint8Array(mask.length).fill(1),
    truncated: new Uint8Array(mask.length),
    batch: {
      completions: mask.length,
      activeTokens: tokens,
      untruncatedTokens: tokens,
      maxCompletionLength: golden.max_completion_length,
    },
  };
}

/** TRL divides counts in 32 bits where the ratio is one per sequence. */
function metricError(actual = NaN, expected: number): number {
  return Math.min(
    ...[actual, Math.fround(actual)].map((value) => relativeError([value], [expected], digits)),
  );
}

function correctionErrors(golden: LossCase, input: LossInput): readonly number[] {
  const { samplerCorrection: settings } = lossCaseOptions(golden);
  const { logProbs, oldLogProbs = logProbs, samplingLogProbs } = input;
  if (settings === undefined || samplingLogProbs === undefined || golden.is_ratio === null) return [];
  return golden.is_ratio.map((expected, i) => {
    const values = ({ data, offsets }: RaggedValues): Float64Array =>
      Float64Array.from(data.subarray(offsets[i], offsets[i + 1]));
    const actual = samplerCorrection(values(oldLogProbs), values(samplingLogProbs), settings);
    const row = golden.mask[i] ?? [];
    return expected.length === 1
      ? relativeError(actual.subarray(0, 1), actual.length === 0 ? [] : expected, digits)
      : relativeError(
          actual,
          expected.filter((_, t) => row[t] === 1),
          digits,
        );
  });
}

function unpadded(matrix: Matrix, mask: Matrix): RaggedValues {
  const rows = matrix.map((row, i) => row.filter((_, t) => mask[i]?.[t] === 1));
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = (offsets[i] as number) + row.length));
  return { data: Float64Array.from(rows.flat()), offsets };
}

function padded(values: Float64Array, mask: Matrix): readonly number[] {
  let next = 0;
  return mask.flat().map((bit) => (bit === 1 ? (values[next++] as number) : 0));
}
