import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { verify } from '@doppio/math-verify-reward/verify';
import type { VerifyFlags } from '../commands/verify.js';
import { EXIT } from '../failure.js';
import { giveUpOn, reportBadLine } from './bad-line.js';
import { Agreement } from './agreement.js';
import { pairLine, type PairLine } from './pair-line.js';
import { pairResult, type PairResult } from './pair-result.js';
import { pairRow, PAIR_HEAD } from './pair-row.js';
import { Progress } from './progress.js';
import { readRecords } from './read-records.js';

/** Verifies every pair of a file; a result is written as soon as it is there. Gives the exit code. */
export async function verifyFile(file: string, flags: VerifyFlags): Promise<number> {
  const isJson = flags.json === true;
  const progress = new Progress(
    'pairs',
    file === '-' ? undefined : (await stat(file).catch(() => undefined))?.size,
  );
  const agreement = new Agreement();
  const verdicts = new Map<PairResult['verdict'], number>();
  let [pairs, bad] = [0, 0];
  for await (const record of readRecords(file)) {
    const pair = 'problem' in record ? record : pairLine(record.value);
    if ('problem' in pair) {
      bad += 1;
      progress.clear();
      reportBadLine({ where: record.where, problem: pair.problem, seen: pair.seen });
      giveUpOn(file, bad, pairs);
      continue;
    }
    // Not before: a file that cannot be read has no table.
    if (!isJson && pairs === 0) await write(`${PAIR_HEAD}\n`);
    pairs += 1;
    const result = resultOf(pair, flags);
    verdicts.set(result.verdict, (verdicts.get(result.verdict) ?? 0) + 1);
    agreement.add(pair.id ?? record.where, result);
    await write(`${isJson ? JSON.stringify(result) : pairRow(result, record.row)}\n`);
    progress.tick(pairs + bad, record.bytes);
    // Nobody reads on: there is nothing left to do.
    if (isGone()) break;
  }
  progress.clear();
  if (!isJson) await write(`${summary(pairs, verdicts)}\n`);
  for (const line of agreement.lines()) process.stderr.write(`${line}\n`);
  if (bad > 0) {
    process.stderr.write(`${String(bad)} of ${String(pairs + bad)} lines could not be used\n`);
    return EXIT.usage;
  }
  return agreement.isBelow(flags.minAgreement) ? EXIT.failed : EXIT.done;
}

function resultOf(
  { id, gold, pred, compat, expected }: PairLine,
  { mode, roundToGold }: VerifyFlags,
): PairResult {
  const options = { mode, roundToGold: roundToGold === true, ...(compat === undefined ? {} : { compat }) };
  return pairResult(id, verify(gold, pred, options), expected);
}

function summary(pairs: number, verdicts: ReadonlyMap<string, number>): string {
  const parts = [...verdicts]
    .sort(([, a], [, b]) => b - a)
    .map(([verdict, count]) => `${String(count)} ${verdict}`);
  return `${String(pairs)} pairs${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** Waits for readers that are slower than this. */
async function write(text: string): Promise<void> {
  if (process.stdout.write(text) || isGone()) return;
  await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => undefined);
}

function isGone(): boolean {
  return process.stdout.destroyed || process.stdout.errored !== null;
}
