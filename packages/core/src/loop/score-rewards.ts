import { withDeadline } from '../async/deadline.js';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText, showValue } from '../errors/show-value.js';
import type { RewardGroup, RewardReport, RewardValues } from '../contracts/index.js';
import { distinctNames } from './distinct-names.js';
import type { Emit, WeightedReward } from './parts.js';

/**
 * Scores every group with every reward: `values[completion][function]`, groups one after the other. A reward that
 * throws, hangs past its deadline or returns something else than one finite number or null per completion abstains
 * on that group, and an event says so: a failure is never a 0.
 *
 * @param counts - what rewards counted is added here, as `reward/<id>/<name>`
 */
export async function scoreRewards<Row extends object>(
  groups: readonly RewardGroup<Row>[],
  rewards: readonly WeightedReward<Row>[],
  emit: Emit,
  signal: AbortSignal,
  counts: Map<string, number> = new Map(),
): Promise<(number | null)[][]> {
  const names = distinctNames(rewards.map(({ reward }) => reward));
  const perGroup = await Promise.all(
    groups.map(async (group) => {
      const columns = await Promise.all(
        rewards.map((reward, i) => scoreGroup(group, reward, names[i] as string, emit, signal, counts)),
      );
      return group.completions.map((_, i) => columns.map((column) => column[i] ?? null));
    }),
  );
  return perGroup.flat();
}

async function scoreGroup<Row extends object>(
  group: RewardGroup<Row>,
  { reward, deadlineSeconds }: WeightedReward<Row>,
  name: string,
  emit: Emit,
  signal: AbortSignal,
  counts: Map<string, number>,
): Promise<RewardValues> {
  try {
    const values = await withDeadline(
      deadlineSeconds,
      signal,
      () => tooLate(name, deadlineSeconds),
      (either) => reward.score({ ...group, report: reportOf(name, emit, either, counts) }, either),
    );
    return checkValues(name, values, group.completions.length);
  } catch (error) {
    signal.throwIfAborted();
    emit({ type: 'reward-failed', step: group.step, reward: name, message: errorText(error) });
    return group.completions.map(() => null);
  }
}

/** Silent once the reward's time is over: the group has abstained by then. */
function reportOf(name: string, emit: Emit, signal: AbortSignal, counts: Map<string, number>): RewardReport {
  return {
    warn: (code, message) => {
      if (!signal.aborted) emit({ type: 'warning', code, message: `reward ${name}: ${message}` });
    },
    count: (metric, by = 1) => {
      const key = `reward/${name}/${metric}`;
      if (!signal.aborted) counts.set(key, (counts.get(key) ?? 0) + by);
    },
  };
}

function tooLate(id: string, seconds: number): DoppioError {
  return new DoppioError('REWARD_DEADLINE', {
    what: 'a reward did not answer in time',
    where: `reward ${id}`,
    seen: `no values after ${String(seconds)} s`,
    fix: 'raise deadlineSeconds, or make the reward faster',
  });
}

function checkValues(id: string, values: RewardValues, count: number): RewardValues {
  if (!Array.isArray(values) || values.length !== count) {
    throw new DoppioError('REWARD_VALUES', {
      what: 'a reward must return one value per completion',
      where: `reward ${id}`,
      seen: `${String(Array.isArray(values) ? values.length : typeof values)} for ${String(count)} completions`,
    });
  }
  // By index: a hole in the list, or undefined, is a bad value too.
  const bad = Array.from(values).findIndex((value) => value !== null && !Number.isFinite(value));
  if (bad !== -1)
    throw new DoppioError('REWARD_VALUES', {
      what: 'a reward must return finite numbers or null',
      where: `reward ${id}`,
      seen: `${showValue(values[bad])} for completion ${String(bad)}`,
      fix: 'return null to abstain',
    });
  return values;
}
