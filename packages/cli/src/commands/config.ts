import type { Command } from 'commander';
import { addConfigFlags, configFromFlags, type ConfigFlags } from '../config-flags.js';
import { print, printJson } from '../print.js';

export function addConfigCommand(program: Command): void {
  const example = `
Examples:
  doppio config print --preset nano --set training.steps=50
  doppio config print --config examples/compose/doppio.config.ts --json`;
  const config = program
    .command('config')
    .description('look at the configuration of a run')
    .addHelpText('after', example);
  addConfigFlags(
    config.command('print').description('the resolved configuration, and where each value came from'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', example)
    .action(async (flags: ConfigFlags & { json?: boolean }) => {
      const { configEntries, describeConfig } = await import('@doppio/core');
      const loaded = await configFromFlags(flags);
      if (flags.json === true)
        printJson({ config: loaded.config, entries: configEntries(loaded.config, loaded.provenance) });
      else print(describeConfig(loaded.config, loaded.provenance));
    });
}
