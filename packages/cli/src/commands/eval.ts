import type { Command } from 'commander';
import { addConfigFlags, type ConfigFlags } from '../config-flags.js';

export interface EvalFlags extends ConfigFlags {
  readonly adapter?: string;
  readonly json?: boolean;
}

export function addEvalCommand(program: Command): void {
  addConfigFlags(program.command('eval').description("measure a model on the configuration's benchmarks"))
    .option('--adapter <folder>', 'with this adapter (PEFT form)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  doppio eval --preset nano                                 the bundled model as it is
  doppio eval --preset nano --adapter runs/nano/adapter     with what a run has taught it
  doppio eval --config runs/nano/config.json --seed 1 --json
  doppio eval --preset nano --set 'benchmarks.0.options={"problems":2000,"samples":4}'`,
    )
    .action(async (flags: EvalFlags) => {
      const { runEvaluation } = await import('../eval/run-evaluation.js');
      await runEvaluation(flags);
    });
}
