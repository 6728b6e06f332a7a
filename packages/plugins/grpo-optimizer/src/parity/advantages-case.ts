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
  return { worstError: relativeError(advantages, golden.advantages), limit: 1e-6 };
}
