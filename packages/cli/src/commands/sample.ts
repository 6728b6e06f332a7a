import type { Command } from 'commander';
import { atLeast, fraction, integer } from '../numbers.js';

export interface SampleFlags {
  readonly model: string;
  readonly adapter?: string;
  readonly prompt?: string;
  readonly complete?: boolean;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly maxTokens?: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function addSampleCommand(program: Command): void {
  program
    .command('sample')
    .description('chat with a model, or complete a text, streaming')
    .requiredOption('--model <folder>', 'model in Hugging Face form')
    .option('--adapter <folder>', 'adapter in PEFT form')
    .option('--prompt <text>', 'one message (or text); without it, lines are read from standard input')
    .option('--complete', 'complete the text as it is, without the chat template')
    .option('--temperature <t>', '0 is greedy', atLeast(0), 1)
    .option('--top-k <k>', 'keep the k likeliest tokens; 0 is off', integer(0), 0)
    .option(
      '--top-p <p>',
      'keep the likeliest tokens up to this probability; 1 is off',
      fraction('above 0'),
      1,
    )
    .option(
      '--min-p <p>',
      'keep tokens at least this fraction as likely as the likeliest; 0 is off',
      fraction('below 1'),
      0,
    )
    .option(
      '--max-tokens <n>',
      'tokens an answer may have; default 256, or what the model has room for',
      integer(1),
    )
    .option('--seed <n>', 'the same seed gives the same answers', integer(0), 0)
    .option('--json', 'print one JSON object per answer instead of streaming')
    .addHelpText(
      'after',
      `
Examples:
  doppio sample --model packages/plugins/nano-preset/model --prompt '12+34=?'
  doppio sample --model packages/plugins/nano-preset/model --adapter runs/nano/adapter   a conversation
  doppio sample --model DIR --complete --prompt 'Once upon a time' --max-tokens 40
  echo '12+34=?' | doppio sample --model packages/plugins/nano-preset/model --json`,
    )
    .action(async (flags: SampleFlags) => {
      const { runSample } = await import('../sample/run-sample.js');
      await runSample(flags);
    });
}
