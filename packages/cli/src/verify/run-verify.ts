import { DoppioError } from '@doppio/core';
import { verify } from '@doppio/math-verify-reward/verify';
import type { VerifyFlags } from '../commands/verify.js';
import { EXIT } from '../failure.js';
import { print, printJson } from '../print.js';
import { checkGolds } from './check-golds.js';
import { explain } from './explain.js';
import { pairResult } from './pair-result.js';
import { verifyFile } from './verify-file.js';

/** One of the three things that `doppio verify` does; gives the exit code. */
export async function runVerify(flags: VerifyFlags): Promise<number> {
  const task = taskOf(flags);
  switch (task.kind) {
    case 'pair': {
      const { gold, pred } = task;
      const verification = verify(gold, pred, { mode: flags.mode, roundToGold: flags.roundToGold === true });
      if (flags.json === true) printJson(pairResult(undefined, verification));
      else print(explain(verification, gold, pred));
      return EXIT.done;
    }
    case 'file':
      return verifyFile(task.file, flags);
    case 'golds':
      return checkGolds(task.file, flags);
  }
}

type Task =
  | { readonly kind: 'pair'; readonly gold: string; readonly pred: string }
  | { readonly kind: 'file' | 'golds'; readonly file: string };

/** Flags that belong to one task only. */
const OWNERS = { field: 'golds', maxUnreadable: 'golds', minAgreement: 'file' } as const;
const NAMES = {
  field: '--field',
  maxUnreadable: '--max-unreadable',
  minAgreement: '--min-agreement',
} as const;

function taskOf(flags: VerifyFlags): Task {
  const { gold, pred, file, golds } = flags;
  const given = [
    ...(gold === undefined && pred === undefined ? [] : ['--gold and --pred']),
    ...(file === undefined ? [] : ['--file']),
    ...(golds === undefined ? [] : ['--golds']),
  ];
  if (given.length !== 1 || (gold === undefined) !== (pred === undefined))
    throw usage(
      given.length > 1
        ? given.join(', ')
        : gold !== undefined
          ? '--gold'
          : pred !== undefined
            ? '--pred'
            : 'none',
    );
  const task: Task =
    gold !== undefined && pred !== undefined
      ? { kind: 'pair', gold, pred }
      : file !== undefined
        ? { kind: 'file', file }
        : { kind: 'golds', file: golds as string };
  for (const flag of ['field', 'maxUnreadable', 'minAgreement'] as const)
    if (flags[flag] !== undefined && OWNERS[flag] !== task.kind)
      throw usage(`${NAMES[flag]} without --${OWNERS[flag]}`);
  return task;
}

function usage(seen: string): DoppioError {
  return new DoppioError('CLI_USAGE', {
    what: 'doppio verify takes --gold and --pred, or --file, or --golds',
    where: 'doppio verify',
    seen,
    fix: 'doppio verify --help has examples of each',
  });
}
