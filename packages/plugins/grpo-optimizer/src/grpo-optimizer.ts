import { DoppioError } from '@doppio/core';
import type {
  Advantages,
  Optimizer,
  Parameter,
  RewardTable,
  TokenLossInput,
  TokenLossResult,
  UpdateMetrics,
} from '@doppio/core';
import { z } from 'zod';
import { computeAdvantages } from './advantages.js';
import { adamw, type Moments } from './adamw.js';
import { clipFactor, globalNorm } from './clip.js';
import { computeLoss, lossStatistics } from './losses/compute-loss.js';
import type { LossSettings } from './losses/loss-settings.js';
import { readMoments, writeMoments } from './moment-state.js';
import { GrpoOptionsSchema, tokenLossOf, type GrpoOptions, type GrpoOptionsInput } from './options.js';
import { scheduleMultiplier } from './schedules.js';

/**
 * GRPO and its variants with AdamW. Everything but the moments is a pure function exported on its own.
 *
 * @example
 * ```ts
 * const optimizer = new GrpoOptimizer({ loss: 'dr_grpo', advantage: { scale: 'none' }, learningRate: 1e-5 });
 * ```
 */
export class GrpoOptimizer implements Optimizer {
  readonly id = 'grpo';
  readonly updatesPerBatch: number;
  readonly needsReference: boolean;
  readonly derivativeKnownOnPolicy: boolean;
  readonly batchStatistics?: (input: TokenLossInput) => Readonly<Record<string, number>>;
  readonly #options: GrpoOptions;
  readonly #settings: LossSettings;
  #moments = new Map<string, Moments<Float32Array>>();
  #updates = 0;

  /** @throws DoppioError OPTIONS_INVALID */
  constructor(input: GrpoOptionsInput = {}) {
    const options = parseOptions(input);
    this.#options = options;
    this.#settings = lossSettings(options);
    this.updatesPerBatch = options.updatesPerBatch;
    this.needsReference = options.beta !== 0;
    this.derivativeKnownOnPolicy = derivativeKnownOnPolicy(options);
    if (options.topEntropyQuantile < 1)
      this.batchStatistics = (loss) => ({ ...lossStatistics(loss, this.#settings) });
  }

  /** @throws DoppioError REWARDS_INVALID */
  advantages(table: RewardTable): Advantages {
    const { advantages, rewards, zeroStdFraction } = computeAdvantages(table, this.#options.advantage);
    return {
      advantages: Float32Array.from(advantages),
      rewards: Float32Array.from(rewards),
      zeroStdFraction,
    };
  }

  /** @throws DoppioError LOSS_INPUT; LOSS_NOT_FINITE */
  loss(input: TokenLossInput): TokenLossResult {
    const { dLogProbs, dEntropies, ...result } = computeLoss(input, this.#settings);
    return {
      ...result,
      dLogProbs: Float32Array.from(dLogProbs),
      ...(dEntropies === undefined ? {} : { dEntropies: Float32Array.from(dEntropies) }),
    };
  }

  /**
   * Leaves `gradients` as they are; the clipped ones exist one value at a time.
   * @throws DoppioError GRADIENTS_INVALID before any parameter has changed; CHECKPOINT_MISMATCH when the restored state
   * is not that of these parameters
   */
  update(
    parameters: readonly Parameter[],
    gradients: readonly Float32Array[],
    step: number,
    totalSteps: number,
  ): UpdateMetrics {
    const { learningRate: peak, schedule, maxGradNorm } = this.#options;
    checkLengths(parameters, gradients);
    const gradNorm = globalNorm(gradients);
    if (!Number.isFinite(gradNorm)) throw notFinite(parameters, gradients);
    const moments = parameters.map((parameter) => this.#momentsOf(parameter));
    const learningRate = peak * scheduleMultiplier(schedule, step, totalSteps, peak);
    const scale = maxGradNorm === null ? 1 : clipFactor(gradNorm, maxGradNorm);
    this.#updates += 1;
    parameters.forEach(({ data }, i) => {
      const gradient = gradients[i] as Float32Array;
      adamw(data, gradient, moments[i] as Moments, this.#updates, { ...this.#options, learningRate }, scale);
    });
    return { gradNorm, learningRate };
  }

  /** The moments under `exp_avg/` and `exp_avg_sq/` with the parameters' names, and how many updates they are from. */
  state(): ReadonlyMap<string, Float32Array> {
    return writeMoments(this.#moments, this.#updates);
  }

  /** @throws DoppioError CHECKPOINT_MISMATCH */
  restore(state: ReadonlyMap<string, Float32Array>): void {
    const { moments, updates } = readMoments(state);
    this.#moments = moments;
    this.#updates = updates;
  }

  #momentsOf({ name, data }: Parameter): Moments<Float32Array> {
    let moments = this.#moments.get(name);
    if (moments === undefined && this.#updates === 0) {
      moments = { first: new Float32Array(data.length), second: new Float32Array(data.length) };
      this.#moments.set(name, moments);
    }
    if (moments?.first.length === data.length) return moments;
    throw new DoppioError('CHECKPOINT_MISMATCH', {
      what: 'the optimizer has moments of other parameters than it is to update',
      where: name,
      seen:
        moments === undefined
          ? 'no moments'
          : `${String(moments.first.length)} values for ${String(data.length)}`,
      fix: 'restore a checkpoint of the same adapter, or start a new run',
    });
  }
}

/**
 * Whether the first update's derivatives follow from advantages alone. The ratio is 1 then, where every named loss has
 * the slope -advantage (sapo's and vespo's gates are normalised to it); whatever else reads scores makes it unknown, and
 * of a loss of one's own nothing is known.
 */
function derivativeKnownOnPolicy(options: GrpoOptions): boolean {
  return (
    typeof options.loss === 'string' &&
    options.beta === 0 &&
    options.entropyCoefficient === 0 &&
    options.topEntropyQuantile === 1 &&
    options.samplerCorrection === undefined &&
    options.offPolicyMaskThreshold === undefined
  );
}

/** What the loss is computed with. cispo's epsilonHigh is a cap on the ratio itself, hence its own default. */
export function lossSettings(options: GrpoOptions): LossSettings {
  return {
    ...options,
    loss: tokenLossOf(options.loss),
    epsilonHigh: options.epsilonHigh ?? (options.loss === 'cispo' ? 5 : options.epsilonLow),
  };
}

function parseOptions(input: GrpoOptionsInput): GrpoOptions {
  const result = GrpoOptionsSchema.safeParse(input);
  if (result.success) return result.data;
  throw new DoppioError('OPTIONS_INVALID', {
    what: 'an option of the GRPO optimizer is wrong',
    where: result.error.issues.map(({ path }) => path.join('.')).join(', '),
    seen: z.prettifyError(result.error),
    fix: 'see GrpoOptionsSchema for names, ranges and defaults',
  });
}

function checkLengths(parameters: readonly Parameter[], gradients: readonly Float32Array[]): void {
  const i = parameters.findIndex(({ data }, p) => data.length !== gradients[p]?.length);
  if (i === -1 && parameters.length === gradients.length) return;
  throw new DoppioError('GRADIENTS_INVALID', {
    what: 'gradients must have the lengths of the parameters, in the same order',
    where: parameters[i]?.name ?? 'gradients',
    seen:
      i === -1
        ? `${String(gradients.length)} gradients for ${String(parameters.length)} parameters`
        : `${String(gradients[i]?.length ?? 'no')} values for ${String(parameters[i]?.data.length)}`,
  });
}

function notFinite(parameters: readonly Parameter[], gradients: readonly Float32Array[]): DoppioError {
  const p = gradients.findIndex((gradient) => !gradient.every(Number.isFinite));
  return new DoppioError('GRADIENTS_INVALID', {
    what: 'the gradient has a value that is not a finite number; no parameter was changed',
    where: parameters[p]?.name ?? 'the global norm',
    seen: String(gradients[p]?.find((value) => !Number.isFinite(value)) ?? Infinity),
    fix: 'lower the learning rate, or resume from the last checkpoint with another seed',
  });
}
