import { computeAdvantages, type AdvantageOptions } from '../advantages.js';
import { relativeError, type ParityResult } from './compare.js';

/** Golden advantages; groups are of one size. */
export interface AdvantagesCase extends AdvantageOptions {
  readonly group_size: number;
  readonly weights: readonly number[];
  /** [completion][function], null = abstained */
  readonly rewards: readonly (readonly (number | null)[])[];
  readonly advantages: readonly number[];
}

/** Compares {@link computeAdvantages} in 64 bits. */
export function advantagesCase(golden: AdvantagesCase): ParityResult {
  const { advantages } = computeAdvantages(
    {
      functions: golden.weights.map((weight, f) => ({ id: String(f), weight })),
      values: golden.rewards,
      groupSizes: new Array<number>(golden.rewards.length / golden.group_size).fill(golden.group_size),
    },
    golden,
  );
  return { worstError: relativeError(advantages, withoutNoise(golden.advantages)), limit: 1e-6 };
}

/**
 * Where no completion of a batch has an advantage, TRL leaves what rounding of a mean, divided by the epsilon once or twice,
 * leaves; ours are exactly 0.
 */
function withoutNoise(advantages: readonly number[]): readonly number[] {
  return advantages.every((value) => Math.abs(value) < 1e-7) ? advantages.map(() => 0) : advantages;
}
