import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addBenchCommands } from './commands/bench.js';
import { addConfigCommand } from './commands/config.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEvalCommand } from './commands/eval.js';
import { addParityCommand } from './commands/parity.js';
import { addPluginsCommand } from './commands/plugins.js';
import { addSampleCommand } from './commands/sample.js';
import { addTrainCommand } from './commands/train.js';
import { addVerifyCommand } from './commands/verify.js';

/** The command line, one file per command; a command imports what it runs only when it runs. */
export function createProgram(): Command {
  const program = new Command('doppio')
    .description('Teaches small language models to reason: GRPO on LoRA adapters, on ONNX Runtime')
    .version(ownVersion())
    // Before the commands are added: they inherit it.
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  doppio train --preset nano               train the bundled model (minutes on two cores)
  doppio train --config doppio.config.ts   train what a configuration says
  doppio train --resume runs/nano          go on with a run that was stopped or killed
  doppio sample --model DIR --adapter DIR  chat with a model and what it has learned

Exit codes: 0 done, 1 failed (or a check did not pass), 2 wrong usage or configuration,
130 stopped by Ctrl-C.`,
    );
  for (const add of [
    addTrainCommand,
    addEvalCommand,
    addSampleCommand,
    addPluginsCommand,
    addConfigCommand,
    addDoctorCommand,
    addBenchCommands,
    addVerifyCommand,
    addParityCommand,
  ])
    add(program);
  pointToHelp(program);
  return program;
}

function ownVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { readonly version: string }).version;
}

/** After a mistake, each command names its own help. */
function pointToHelp(command: Command, parents = ''): void {
  const name = `${parents}${command.name()}`;
  command.showHelpAfterError(`(${name} --help shows what there is)`);
  for (const child of command.commands) pointToHelp(child, `${name} `);
}
