import { Option, type Command } from 'commander';
import { collect } from '../numbers.js';
import { print, printJson, table } from '../print.js';

export function addPluginsCommand(program: Command): void {
  program
    .command('plugins')
    .description('list the parts that pipelines are made of, with their options')
    .addOption(
      new Option('--plugin <name>', 'load this package or path too (may be repeated)')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--json', 'print JSON, with the schema of every option')
    .addHelpText('after', '\nExamples:\n  doppio plugins\n  doppio plugins --plugin ./my-reward.ts --json')
    .action(async ({ plugin, json }: { plugin: readonly string[]; json?: boolean }) => {
      const { loadHost } = await import('../host.js');
      const parts = (await loadHost(plugin, process.cwd())).describe();
      if (json === true) printJson(parts);
      else
        print(
          table([
            ['CONTRACT', 'ID', 'PLUGIN', 'WHAT IT IS'],
            ...parts.map((part) => [part.contract, part.id, part.plugin, part.description]),
          ]),
        );
    });
}
