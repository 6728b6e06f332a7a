import { DoppioError } from '@doppio/core';
import type { Moments } from './adamw.js';

const firstPrefix = 'exp_avg/';
const secondPrefix = 'exp_avg_sq/';
const updatesKey = 'updates';

type MomentsByName = Map<string, Moments<Float32Array>>;

/** Moments as named tensors; empty before the first update. The arrays are the live ones. */
export function writeMoments(moments: MomentsByName, updates: number): ReadonlyMap<string, Float32Array> {
  const state = new Map<string, Float32Array>();
  if (updates === 0) return state;
  // A 32-bit float holds counts up to 2^24 exactly.
  state.set(updatesKey, Float32Array.of(updates));
  for (const [name, { first, second }] of moments)
    state.set(firstPrefix + name, first).set(secondPrefix + name, second);
  return state;
}

/**
 * Copies moments out of {@link writeMoments}' form.
 * @throws DoppioError CHECKPOINT_MISMATCH where the halves do not belong together
 */
export function readMoments(state: ReadonlyMap<string, Float32Array>): {
  moments: MomentsByName;
  updates: number;
} {
  const moments: MomentsByName = new Map();
  for (const [key, first] of state) {
    if (key === updatesKey || key.startsWith(secondPrefix)) continue;
    const name = key.slice(firstPrefix.length);
    const second = state.get(secondPrefix + name);
    if (!key.startsWith(firstPrefix) || second?.length !== first.length) throw mismatch(key, second);
    moments.set(name, { first: first.slice(), second: second.slice() });
  }
  const updates = state.get(updatesKey)?.[0] ?? 0;
  if (moments.size > 0 !== updates > 0 || state.size !== (moments.size === 0 ? 0 : 2 * moments.size + 1))
    throw mismatch(updatesKey, state.get(updatesKey));
  return { moments, updates };
}

function mismatch(where: string, seen: Float32Array | undefined): DoppioError {
  return new DoppioError('CHECKPOINT_MISMATCH', {
    what: 'the optimizer state is not one of AdamW',
    where,
    seen: seen === undefined ? 'its counterpart is missing' : `${String(seen.length)} values`,
    fix: 'resume with the optimizer that the run was started with',
  });
}
