import { DoppioError } from '@doppio/core';
import type { TokenLossInput, TokenLossResult } from '@doppio/core';
import type { LossBatch } from './token-loss.js';

/** Values per completion token as in core's `Ragged`, also in 64 bits. */
export interface RaggedValues {
  /** [token], the rows one after the other. */
  readonly data: Float32Array | Float64Array;
  /** [row + 1], ascending, starts with 0. */
  readonly offsets: Int32Array;
}

type RaggedKey = 'logProbs' | 'entropies' | 'oldLogProbs' | 'referenceLogProbs' | 'samplingLogProbs';

/** Core's `TokenLossInput`, whose numbers may also be in 64 bits. */
export interface LossInput extends Omit<TokenLossInput, RaggedKey | 'advantages'> {
  readonly logProbs: RaggedValues;
  readonly entropies: RaggedValues;
  readonly oldLogProbs?: RaggedValues | undefined;
  readonly referenceLogProbs?: RaggedValues | undefined;
  readonly samplingLogProbs?: RaggedValues | undefined;
  readonly advantages: Float32Array | Float64Array;
}

/** Core's `TokenLossResult` in 64 bits. */
export interface LossResult extends Omit<TokenLossResult, 'dLogProbs' | 'dEntropies'> {
  readonly dLogProbs: Float64Array;
  readonly dEntropies?: Float64Array;
}

/** The values of one completion, as 64-bit floats. */
export function row({ data, offsets }: RaggedValues, completion: number): Float64Array {
  return Float64Array.from(data.subarray(offsets[completion], offsets[completion + 1]));
}

/** Whether completion i is trained on. */
export function activeRows({ mask, truncated }: LossInput, maskTruncated: boolean): readonly boolean[] {
  return Array.from(mask, (kept, i) => kept === 1 && !(maskTruncated && truncated[i] === 1));
}

/** The totals that losses divide by. */
export function lossBatch({ batch }: LossInput, maskTruncated: boolean): LossBatch {
  return {
    completions: batch.completions,
    tokens: Math.max(maskTruncated ? batch.untruncatedTokens : batch.activeTokens, 1),
    maxCompletionLength: batch.maxCompletionLength,
  };
}

/**
 * Checks that everything is there and has the same layout.
 * @throws DoppioError LOSS_INPUT
 */
export function checkLossInput(input: LossInput, needs: Readonly<Partial<Record<RaggedKey, string>>>): void {
  const { offsets } = input.logProbs;
  const completions = input.advantages.length;
  if (completions === 0) refuse('a token loss needs at least one completion', 'advantages', 'none');
  for (const [key, reason] of Object.entries(needs))
    if (input[key as RaggedKey] === undefined)
      refuse(`${key} are missing; ${reason} needs them`, key, 'undefined');
  for (const key of ['mask', 'truncated'] as const)
    if (input[key].length !== completions)
      refuseLength(key, input[key].length, `${String(completions)} completions`);
  if (offsets.length !== completions + 1)
    refuseLength(
      'logProbs.offsets',
      offsets.length,
      `${String(completions)} completions, which are one less`,
    );
  const falls = offsets.findIndex((offset, i) => offset < (i === 0 ? 0 : (offsets[i - 1] as number)));
  if (offsets[0] !== 0 || falls !== -1)
    refuse(
      'offsets must start with 0 and never fall',
      'logProbs.offsets',
      `${String(offsets[Math.max(falls, 0)])} at ${String(Math.max(falls, 0))}`,
    );
  for (const key of raggedKeys) checkRagged(key, input[key], offsets);
  input.advantages.forEach((advantage, i) => {
    if (!Number.isFinite(advantage))
      refuse('an advantage is not a finite number', `advantages[${String(i)}]`, String(advantage));
  });
  checkTotals(input);
}

const raggedKeys: readonly RaggedKey[] = [
  'logProbs',
  'entropies',
  'oldLogProbs',
  'referenceLogProbs',
  'samplingLogProbs',
];

function checkRagged(key: RaggedKey, values: RaggedValues | undefined, offsets: Int32Array): void {
  if (values === undefined) return;
  const tokens = offsets[offsets.length - 1] as number;
  if (values.data.length !== tokens)
    refuseLength(`${key}.data`, values.data.length, `${String(tokens)} tokens`);
  if (values.offsets.length !== offsets.length || values.offsets.some((offset, i) => offset !== offsets[i]))
    refuse('rows of different lengths than those of logProbs', `${key}.offsets`, values.offsets.join(', '));
}

/** Totals may exceed what is here, since this may be a micro-batch, but cannot be below it. */
function checkTotals({ batch, logProbs, mask, truncated }: LossInput): void {
  let active = 0;
  let untruncated = 0;
  mask.forEach((kept, i) => {
    const length = (logProbs.offsets[i + 1] as number) - (logProbs.offsets[i] as number);
    if (kept === 1) active += length;
    if (kept === 1 && truncated[i] !== 1) untruncated += length;
  });
  const least = {
    completions: mask.length,
    activeTokens: active,
    untruncatedTokens: untruncated,
    maxCompletionLength: 1,
  };
  for (const [key, minimum] of Object.entries(least) as [keyof typeof least, number][])
    if (!(batch[key] >= minimum))
      refuse(
        'a total of the batch is below that of its micro-batch',
        `batch.${key}`,
        `${String(batch[key])}, at least ${String(minimum)} expected`,
      );
}

function refuseLength(where: string, length: number, expected: string): never {
  refuse('lengths do not belong together', where, `${String(length)} values for ${expected}`);
}

function refuse(what: string, where: string, seen: string): never {
  throw new DoppioError('LOSS_INPUT', {
    what,
    where,
    seen,
    fix: 'pass the rows of one batch, all with the same offsets, and totals of the whole batch',
  });
}
