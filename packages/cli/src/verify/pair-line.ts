import { readCompatSettings, type CompatSettings } from '@doppio/math-verify-reward/verify';
import { answerText, notAnAnswer } from './answer-text.js';
import { short } from './short.js';

/** One pair of a file. */
export interface PairLine {
  readonly id: string | number | undefined;
  readonly gold: string;
  readonly pred: string;
  /** Math-Verify's settings; undefined: its defaults. */
  readonly compat: CompatSettings | undefined;
  readonly expected: boolean | undefined;
}

/** Reads a line's keys; others than these are passed over. */
export function pairLine(
  value: Readonly<Record<string, unknown>>,
): PairLine | { readonly problem: string; readonly seen: string } {
  const gold = answerText(value['gold']);
  if (gold === undefined) return notAnAnswer('gold', value);
  const pred = answerText(value['pred']);
  if (pred === undefined) return notAnAnswer('pred', value);
  const { id, config } = value;
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number')
    return { problem: '"id" must be text or a number', seen: short(JSON.stringify(id)) };
  const expected = value['expected'] ?? value['equal'] ?? undefined;
  if (expected !== undefined && typeof expected !== 'boolean')
    return { problem: '"expected" must be true or false', seen: short(JSON.stringify(expected)) };
  const compat = config === undefined || config === null ? undefined : readCompatSettings(config);
  if (compat !== undefined && 'problem' in compat)
    return { problem: `"config": ${compat.problem}`, seen: short(JSON.stringify(config)) };
  return { id: id ?? undefined, gold, pred, compat, expected };
}
