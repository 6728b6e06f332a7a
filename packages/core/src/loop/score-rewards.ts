import { DoppioError } from '../errors/doppio-error.js';
import type { RewardGroup, RewardValues } from '../contracts/index.js';
import { distinctNames } from './distinct-names.js';
import type { Emit, WeightedReward } from './parts.js';

/** Node's limit; longer ones end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Scores every group with every reward: `values[completion][function]`, groups one after the other. A reward that
 * throws, hangs past its deadline or returns something else than one finite number or null per completion abstains
 * on that group, and an event says so: a failure is never a 0.
 */
export async function scoreRewards<Row extends object>(
  groups: readonly RewardGroup<Row>[],
  rewards: readonly WeightedReward<Row>[],
  emit: Emit,
  signal: AbortSignal,
): Promise<(number | null)[][]> {
  const names = distinctNames(rewards.map(({ reward }) => reward));
  const perGroup = await Promise.all(
    groups.map(async (group) => {
      const columns = await Promise.all(
        rewards.map((reward, i) => scoreGroup(group, reward, names[i] as string, emit, signal)),
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
): Promise<RewardValues> {
  const deadline = new AbortController();
  // Not AbortSignal.timeout: that one does not keep a process alive that waits for nothing else.
  const timer = setTimeout(
    () => {
      deadline.abort(tooLate(name, deadlineSeconds));
    },
    Math.min(deadlineSeconds * 1000, LONGEST_TIMER_MS),
  );
  try {
    const either = AbortSignal.any([signal, deadline.signal]);
    const values = await unlessAborted(Promise.resolve(reward.score(group, either)), either);
    return checkValues(name, values, group.completions.length);
  } catch (error) {
    signal.throwIfAborted();
    emit({
      type: 'reward-failed',
      step: group.step,
      reward: name,
      message: error instanceof Error ? error.message : String(error),
    });
    return group.completions.map(() => null);
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects with the signal's reason as soon as it is aborted: a reward that hangs does not look at its signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
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
  const bad = values.find((value) => value !== null && !Number.isFinite(value));
  if (bad !== undefined)
    throw new DoppioError('REWARD_VALUES', {
      what: 'a reward must return finite numbers or null',
      where: `reward ${id}`,
      seen: String(bad),
      fix: 'return null to abstain',
    });
  return values;
}
