import { Option, type Command } from 'commander';
import { integer } from '../numbers.js';
import { printJson } from '../print.js';

export interface GrpoBenchFlags {
  readonly model: string;
  readonly prompts: number;
  readonly group: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly rank: number;
  readonly steps: number;
  readonly seed: number;
}

export interface DecodeBenchFlags {
  readonly model: string;
  readonly batch: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  readonly runs: number;
}

export interface VerifyBenchFlags {
  readonly mode: 'correct' | 'compat';
  readonly rounds: number;
  readonly writePairs?: string;
}

export function addBenchCommands(program: Command): void {
  const grpo =
    'doppio bench grpo --model DIR --prompts 16 --group 8 --prompt-tokens 16 --completion-tokens 48 --rank 16 --steps 5 --json';
  const decode = 'doppio bench decode --model DIR --batch 128 --prompt-tokens 16 --new-tokens 48 --json';
  const verify = 'doppio bench verify --json';
  const all = 'doppio bench all';
  const bench = program
    .command('bench')
    .description('measure speed and memory on this machine')
    .addHelpText('after', `\nExamples:\n  ${all}\n  ${grpo}\n  ${decode}\n  ${verify}`);
  bench
    .command('grpo')
    .description('whole GRPO steps on random prompts and rewards, every completion at full length')
    .requiredOption('--model <folder>', 'model in Hugging Face form')
    .option('--prompts <n>', 'prompts per step', integer(1), 16)
    .option('--group <n>', 'completions per prompt', integer(2), 8)
    .option('--prompt-tokens <n>', 'tokens of each prompt', integer(1), 16)
    .option('--completion-tokens <n>', 'tokens of each completion', integer(1), 48)
    .option('--rank <n>', 'LoRA rank, on all seven projections', integer(1), 16)
    .option('--steps <n>', 'steps to measure, after one to warm up', integer(1), 5)
    .option('--seed <n>', 'seed of prompts and rewards', integer(0), 0)
    .option('--json', 'print JSON (always so)')
    .addHelpText('after', `\nExample:\n  ${grpo}`)
    .action(async (flags: GrpoBenchFlags) => {
      const { benchGrpo } = await import('../bench/grpo.js');
      printJson(await benchGrpo(flags));
    });
  bench
    .command('decode')
    .description('sampling alone')
    .requiredOption('--model <folder>', 'model in Hugging Face form')
    .option('--batch <n>', 'completions at once', integer(1), 128)
    .option('--prompt-tokens <n>', 'tokens of each prompt', integer(1), 16)
    .option('--new-tokens <n>', 'tokens to decode per completion', integer(1), 48)
    .option('--runs <n>', 'runs to measure, after one to warm up', integer(1), 3)
    .option('--json', 'print JSON (always so)')
    .addHelpText('after', `\nExample:\n  ${decode}`)
    .action(async (flags: DecodeBenchFlags) => {
      const { benchDecode } = await import('../bench/decode.js');
      printJson(await benchDecode(flags));
    });
  bench
    .command('verify')
    .description('verifying answers: time of a pair, and of long completions')
    .addOption(
      new Option('--mode <mode>', 'mode of `doppio verify`')
        .choices(['correct', 'compat'])
        .default('correct'),
    )
    .option('--rounds <n>', 'times that every pair is measured', integer(1), 50)
    .option(
      '--write-pairs <file>',
      'write the pairs there, for tools/peers/math_verify.py, and measure nothing',
    )
    .option('--json', 'print JSON (always so)')
    .addHelpText('after', `\nExamples:\n  ${verify}\n  doppio bench verify --write-pairs runs/pairs.jsonl`)
    .action(async (flags: VerifyBenchFlags) => {
      if (flags.writePairs === undefined) {
        const { benchVerify } = await import('../bench/verify.js');
        printJson(benchVerify(flags));
        return;
      }
      const { writePairs } = await import('../bench/write-pairs.js');
      await writePairs(flags.writePairs);
    });
  bench
    .command('all')
    .description(
      'the tables of `npm run bench`: a random model, phase by phase, beside the floor; verifying answers',
    )
    .option('--keep-model <folder>', 'write the random model there and leave it, for the other benchmarks')
    .option('--json', 'print JSON instead of tables')
    .addHelpText('after', `\nExamples:\n  ${all}\n  ${all} --json\n  ${all} --keep-model runs/bench-model`)
    .action(async ({ json, keepModel }: { json?: boolean; keepModel?: string }) => {
      const { benchAll } = await import('../bench/all.js');
      await benchAll(json === true, keepModel);
    });
}
