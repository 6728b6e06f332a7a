import type { Command } from 'commander';
import { addConfigFlags, type ConfigFlags } from '../config-flags.js';
import { stopOnInterrupt } from '../stop-signals.js';

export interface TrainFlags extends ConfigFlags {
  readonly resume?: string;
  readonly json?: boolean;
}

export function addTrainCommand(program: Command): void {
  addConfigFlags(
    program.command('train').description('train an adapter, measuring the model before and after'),
  )
    .option('--resume <run>', 'go on with the run in this folder')
    .option('--json', 'print the summary as JSON, and nothing else')
    .addHelpText(
      'after',
      `
Examples:
  doppio train --preset nano --seed 1 --out runs/seed-1
  doppio train --config doppio.config.ts --set training.steps=50
  doppio train --resume runs/seed-1

Ctrl-C (or SIGTERM, SIGHUP) stops after the running step, saves, and says how to go on; a second one stops at once.
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 130 stopped.`,
    )
    .action(async (flags: TrainFlags) => {
      // Before the engine is loaded: Ctrl-C counts from here on.
      using stop = stopOnInterrupt();
      const { runTraining } = await import('../train/run-training.js');
      process.exitCode = await runTraining(flags, stop);
    });
}
