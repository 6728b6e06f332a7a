import { isDeepStrictEqual } from 'node:util';
import { DoppioError, type CheckpointStore, type ResolvedConfig } from '@doppio/core';

/** Where the configuration stands among a checkpoint's totals. */
const KEY = 'configuration';

/**
 * What of a configuration decides the adapter that a run ends with. The rest may change between two attempts: the
 * folder and the model may have been moved, memory and threads are the machine's, trackers only listen.
 */
function decisive({
  seed,
  adapter,
  optimizer,
  dataset,
  verifier,
  rewards,
  benchmarks,
  training,
}: ResolvedConfig): object {
  const { checkpointEvery: _every, keepCheckpoints: _keep, ...rest } = training;
  // As JSON holds it: parts given in code are not in it.
  return JSON.parse(
    JSON.stringify({ seed, adapter, optimizer, dataset, verifier, rewards, benchmarks, training: rest }),
  ) as object;
}

/**
 * The store, with the configuration in every checkpoint. A checkpoint of another configuration is refused: a run
 * continued under altered values would be neither the one nor the other.
 */
export function ofOneRun(store: CheckpointStore, config: ResolvedConfig, file: string): CheckpointStore {
  const now = decisive(config);
  return {
    id: store.id,
    save: (state, ...rest) => store.save({ ...state, progress: { ...state.progress, [KEY]: now } }, ...rest),
    latest: async (...rest) => {
      const found = await store.latest(...rest);
      const saved = found.state?.progress[KEY];
      const changed = saved === undefined ? [] : differences(saved, now);
      if (changed.length === 0) return found;
      throw new DoppioError('CHECKPOINT_MISMATCH', {
        what: 'the configuration is not the one that this run was started with',
        where: file,
        seen: changed.join('; '),
        fix: 'undo the change and resume, or start a new run',
      });
    },
  };
}

/** Each key that has changed, with both values. */
function differences(before: unknown, now: unknown, key = ''): string[] {
  if (isDeepStrictEqual(before, now)) return [];
  if (!isRecord(before) || !isRecord(now))
    return [`${key} is ${JSON.stringify(now) ?? 'not set'}, was ${JSON.stringify(before) ?? 'not set'}`];
  return Object.keys({ ...before, ...now }).flatMap((name) =>
    differences(before[name], now[name], key === '' ? name : `${key}.${name}`),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
