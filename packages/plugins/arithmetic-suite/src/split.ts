import { expressionOf, type Problem } from './problem.js';

/** What a problem may be used for. No problem, and no commutative twin of it, is in two of them. */
export const SPLITS = ['evaluation', 'selection', 'training', 'pretraining'] as const;
export type Split = (typeof SPLITS)[number];

/**
 * The same text for problems that differ only in the order of commuting operands: `7527+298` and `298+7527` give
 * `298+7527`.
 */
export function canonicalFormOf(problem: Problem): string {
  if (problem.kind === 'sub') return expressionOf(problem);
  const { a, b } = problem;
  return expressionOf({ ...problem, a: Math.min(a, b), b: Math.max(a, b) });
}

/**
 * Decides by a hash of the canonical form: 1/10 `evaluation` (reported results), 1/10 `selection` (choosing a
 * checkpoint), 2/10 `training` (reinforcement learning), 6/10 `pretraining`.
 */
export function splitOf(problem: Problem): Split {
  const tenth = hash32(canonicalFormOf(problem)) % 10;
  if (tenth === 0) return 'evaluation';
  if (tenth === 1) return 'selection';
  return tenth < 4 ? 'training' : 'pretraining';
}

/** FNV-1a with the finalizer of MurmurHash3, without which the low bits of short texts are uneven. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
