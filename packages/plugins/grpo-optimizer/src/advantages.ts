import { DoppioError } from '@doppio/core';
import type { Advantages, RewardTable } from '@doppio/core';

export interface AdvantageOptions {
  /**
   * What advantages are divided by: the standard deviation of the group's rewards (GRPO, arXiv 2402.03300), that of the
   * batch's, or nothing (Dr. GRPO, arXiv 2503.20783).
   */
  readonly scale: 'group' | 'batch' | 'none';
  /**
   * `sum_then_normalize`: the weighted sum of rewards is normalised. `normalize_then_sum`: each function is normalised in
   * its group, then their weighted sum over the batch (GDPO, arXiv 2601.05242); `scale` has no effect then.
   */
  readonly aggregation: 'sum_then_normalize' | 'normalize_then_sum';
}

/** {@link Advantages} in 64 bits. */
export interface AdvantageValues extends Omit<Advantages, 'advantages' | 'rewards'> {
  readonly advantages: Float64Array;
  readonly rewards: Float64Array;
}

/** Added to standard deviations, as everywhere since the first GRPO implementations. */
const epsilon = 1e-4;

/** Standard deviations up to this are those of equal rewards. */
const zeroStd = 1e-8;

/**
 * Advantages of a batch: rewards minus the mean of their group, scaled. Standard deviations are those of a sample (n - 1).
 * A function that abstains (null) is left out of a completion's sum; a completion where all abstained is left out of the
 * baseline and has the advantage 0, as has every completion of a group with fewer than two that were scored where a
 * standard deviation is needed. Where there is no signal advantages are exactly 0.
 * @throws DoppioError REWARDS_INVALID
 */
export function computeAdvantages(
  table: RewardTable,
  { scale, aggregation }: AdvantageOptions,
): AdvantageValues {
  checkTable(table);
  const weights = table.functions.map(({ weight }) => weight);
  const rewards = Float64Array.from(table.values, (values) => weightedSum(values, weights));
  const groups = ranges(table.groupSizes);
  const stds = groups.map(([from, to]) => moments(rewards.subarray(from, to)).std);
  const advantages =
    aggregation === 'sum_then_normalize'
      ? sumThenNormalize(rewards, groups, stds, scale)
      : normalizeThenSum(table, weights, groups);
  return {
    advantages,
    rewards,
    zeroStdFraction: stds.filter((std) => !(std > zeroStd)).length / groups.length,
  };
}

type Range = readonly [from: number, to: number];

function sumThenNormalize(
  rewards: Float64Array,
  groups: readonly Range[],
  stds: readonly number[],
  scale: AdvantageOptions['scale'],
): Float64Array {
  const advantages = new Float64Array(rewards.length);
  const batchStd = moments(rewards).std;
  groups.forEach(([from, to], g) => {
    const { mean } = moments(rewards.subarray(from, to));
    const divisor = scale === 'none' ? 1 : (scale === 'batch' ? batchStd : (stds[g] as number)) + epsilon;
    for (let i = from; i < to; i += 1) advantages[i] = zeroForNaN(((rewards[i] as number) - mean) / divisor);
  });
  return advantages;
}

function normalizeThenSum(
  { values, functions }: RewardTable,
  weights: readonly number[],
  groups: readonly Range[],
): Float64Array {
  const normalized = functions.map((_, f) => {
    const column = Float64Array.from(values, (row) => row[f] ?? NaN);
    for (const [from, to] of groups) {
      const group = column.subarray(from, to);
      const { mean, std } = moments(group);
      const divisor = (group.length > 1 ? std : 0) + epsilon;
      group.forEach((value, i) => (group[i] = (value - mean) / divisor));
    }
    return column;
  });
  // Unscorable is decided by what was rewarded: a value that could not be normalised still counts as 0.
  const sums = Float64Array.from(values, (row, i) =>
    row.every((value) => value === null)
      ? NaN
      : normalized.reduce(
          (sum, column, f) => sum + zeroForNaN((column[i] as number) * (weights[f] as number)),
          0,
        ),
  );
  const { mean, std } = moments(sums);
  const divisor = (sums.length > 1 ? std : 0) + epsilon;
  return sums.map((sum) => {
    const advantage = zeroForNaN((sum - mean) / divisor);
    return Math.abs(advantage) < roundingNoise ? 0 : advantage;
  });
}

/** Advantages below this are what rounding leaves where there is none; a group of exact zeros need not be trained on. */
const roundingNoise = 1e-12;

/** Mean and sample standard deviation of what is not NaN; the latter NaN for fewer than two values. */
function moments(values: Float64Array): { mean: number; std: number } {
  const present = values.filter((value) => !Number.isNaN(value));
  const n = present.length;
  const first = present[0];
  // Taken from the value itself, so that rounding of the mean leaves no advantage behind.
  if (first !== undefined && present.every((value) => value === first))
    return { mean: first, std: n > 1 ? 0 : NaN };
  const mean = present.reduce((sum, value) => sum + value, 0) / n;
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (n - 1)) };
}

function weightedSum(values: readonly (number | null)[], weights: readonly number[]): number {
  if (values.every((value) => value === null)) return NaN;
  return values.reduce<number>((sum, value, f) => sum + (value ?? 0) * (weights[f] as number), 0);
}

function zeroForNaN(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function ranges(sizes: readonly number[]): readonly Range[] {
  let from = 0;
  return sizes.map((size) => [from, (from += size)]);
}

function checkTable({ functions, values, groupSizes }: RewardTable): void {
  if (functions.length === 0) refuse('there is no reward function', 'functions', 'none');
  if (values.length === 0) refuse('there are no rewards', 'values', 'an empty batch');
  const size = groupSizes.find((count) => !Number.isSafeInteger(count) || count < 1);
  if (size !== undefined) refuse('a group size is not a positive integer', 'groupSizes', String(size));
  const total = groupSizes.reduce((sum, count) => sum + count, 0);
  if (total !== values.length)
    refuse(
      'group sizes do not add up',
      'groupSizes',
      `${String(total)} for ${String(values.length)} completions`,
    );
  for (const { id, weight } of functions)
    if (!Number.isFinite(weight))
      refuse('a reward weight is not a finite number', `function ${id}`, String(weight));
  values.forEach((row, i) => {
    if (row.length !== functions.length)
      refuse(
        'a completion has the wrong number of rewards',
        `completion ${String(i)}`,
        `${String(row.length)} for ${String(functions.length)} functions`,
      );
    row.forEach((value, f) => {
      if (value !== null && !Number.isFinite(value))
        refuse(
          'a reward is not a finite number',
          `completion ${String(i)}, function ${functions[f]?.id ?? ''}`,
          String(value),
        );
    });
  });
}

function refuse(what: string, where: string, seen: string): never {
  throw new DoppioError('REWARDS_INVALID', {
    what,
    where,
    seen,
    fix: 'give one finite number or null (abstained) for each completion and function',
  });
}
