import { Option, type Command } from 'commander';
import { percentage } from '../numbers.js';

export interface VerifyFlags {
  readonly gold?: string;
  readonly pred?: string;
  readonly file?: string;
  readonly golds?: string;
  readonly field?: string;
  readonly mode: 'correct' | 'compat';
  readonly roundToGold?: boolean;
  readonly minAgreement?: number;
  readonly maxUnreadable?: number;
  readonly json?: boolean;
}

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('say whether an answer equals the expected one, and why')
    .option('--gold <text>', 'expected answer: plain, LaTeX, or a whole solution')
    .option('--pred <text>', 'answer of a model, or its whole completion')
    .option('--file <file>', 'verify every pair of a file; - reads standard input')
    .option('--golds <file>', 'list the gold answers of a dataset that cannot be read')
    .option('--field <name>', '--golds: field with the answer, or with a solution; default answer')
    .addOption(
      new Option('--mode <mode>', "correct: as a mathematician would say; compat: Math-Verify's own verdicts")
        .choices(['correct', 'compat'])
        .default('correct'),
    )
    .option('--round-to-gold', "mode correct: a decimal may be right to the gold answer's digits only")
    .option(
      '--min-agreement <percent>',
      '--file: exit code 1 where fewer expected verdicts are met',
      percentage,
    )
    .option(
      '--max-unreadable <percent>',
      '--golds: exit code 1 where more cannot be read; default 0.5',
      percentage,
    )
    .option('--json', 'print JSON; with --file one object per line, as each is done')
    .addHelpText(
      'after',
      `
One pair: what was taken for the answer of each side, where in the text, how it was read, and the rule that decided.

A file of pairs has one JSON object per line, or is one JSON array of them:
  {"gold": "\\\\frac{1}{2}", "pred": "So it is $\\\\boxed{0.5}$.", "id": "a1"}
"gold" and "pred" are text or numbers. "id" is passed on. "config" has Math-Verify's settings for this pair (mode compat):
match_types, boxed_match_priority, float_rounding, numeric_precision, strict, allow_set_relation_comp, fallback_mode,
extraction_mode. "expected" (or "equal") is true or false: then the agreement is told at the end, on standard error.
With --json each result has equal, verdict, rule, gold, pred, reason; gold and pred as they were read, or null. A line
that cannot be used is told on standard error with its number, the others are verified, and the exit code is 2.

Verdicts: equal, different, prediction-unreadable, gold-unreadable, undecided (the budget of work is used up).
The rules and where the two modes differ: docs/verifying-answers.md.

Examples:
  doppio verify --gold '\\frac{1}{2}' --pred 'The answer is $0.5$.'
  doppio verify --gold 27 --pred "$(cat completion.txt)" --json
  doppio verify --file pairs.jsonl --mode compat --json > verdicts.jsonl
  doppio verify --file pairs.jsonl --min-agreement 97
  doppio verify --golds train.jsonl --field solution --max-unreadable 1

Exit codes: 0 done, whatever the verdicts; 1 below --min-agreement or above --max-unreadable; 2 wrong usage or lines
that cannot be used.`,
    )
    .action(async (flags: VerifyFlags) => {
      const { runVerify } = await import('../verify/run-verify.js');
      process.exitCode = await runVerify(flags);
    });
}
