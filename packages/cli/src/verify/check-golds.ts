import { stat } from 'node:fs/promises';
import { verify } from '@doppio/math-verify-reward/verify';
import type { VerifyFlags } from '../commands/verify.js';
import { EXIT } from '../failure.js';
import { print, printJson } from '../print.js';
import { answerText, notAnAnswer } from './answer-text.js';
import { giveUpOn, reportBadLine } from './bad-line.js';
import { Progress } from './progress.js';
import { readRecords } from './read-records.js';
import { short } from './short.js';

interface UnreadableGold {
  /** Line of the file from 1; in a JSON array the place from 0. */
  readonly row: number;
  readonly gold: string;
  readonly reason: string;
}

/** Percent of golds that may be unreadable where no flag says it. */
const MAX_UNREADABLE = 0.5;

/** Lists the gold answers of a dataset that cannot be read; gives the exit code. */
export async function checkGolds(file: string, flags: VerifyFlags): Promise<number> {
  const field = flags.field ?? 'answer';
  const limit = flags.maxUnreadable ?? MAX_UNREADABLE;
  const progress = new Progress(
    'golds',
    file === '-' ? undefined : (await stat(file).catch(() => undefined))?.size,
  );
  const unreadable: UnreadableGold[] = [];
  let [golds, bad] = [0, 0];
  for await (const record of readRecords(file)) {
    const gold = 'problem' in record ? undefined : answerText(record.value[field]);
    if (gold === undefined) {
      bad += 1;
      progress.clear();
      reportBadLine({
        where: record.where,
        ...('problem' in record ? record : notAnAnswer(field, record.value)),
      });
      giveUpOn(file, bad, golds);
      continue;
    }
    golds += 1;
    const reason = whyUnreadable(gold, flags.mode);
    if (reason !== undefined) unreadable.push({ row: record.row, gold, reason });
    progress.tick(golds + bad, record.bytes);
  }
  progress.clear();
  const percent = golds === 0 ? 0 : (100 * unreadable.length) / golds;
  if (flags.json === true)
    printJson({
      file,
      field,
      mode: flags.mode,
      golds,
      unreadable: unreadable.length,
      percent,
      limit,
      rows: unreadable,
    });
  else {
    for (const { row, gold, reason } of unreadable)
      print(`row ${String(row)}: ${short(gold.replaceAll(/\s+/g, ' ').trim()) || '(empty)'}  (${reason})`);
    print(
      `${String(unreadable.length)} of ${String(golds)} golds cannot be read (${percent.toFixed(2)} %, at most ${String(limit)} % allowed)`,
    );
  }
  if (bad > 0) {
    process.stderr.write(`${String(bad)} of ${String(golds + bad)} lines could not be used\n`);
    return EXIT.usage;
  }
  return percent > limit ? EXIT.failed : EXIT.done;
}

/** A gold is readable where it is the prediction's fault that an empty text is not equal to it. */
function whyUnreadable(gold: string, mode: VerifyFlags['mode']): string | undefined {
  const result = verify(gold, '', { mode });
  return result.verdict === 'gold-unreadable' || result.verdict === 'undecided' ? result.reason : undefined;
}
