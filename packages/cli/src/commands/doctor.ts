import type { Command } from 'commander';
import { print, printJson } from '../print.js';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what runs where on this machine, and why')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  doppio doctor\n  doppio doctor --json')
    .action(async ({ json }: { json?: boolean }) => {
      const { describeRuntime } = await import('@doppio/runtime');
      const facts = await describeRuntime();
      if (json === true) {
        printJson(facts);
        return;
      }
      print(`node          ${facts.node} on ${facts.platform} ${facts.arch}`);
      print(
        `onnxruntime   ${facts.version}${facts.problem === undefined || facts.problem === null ? '' : `  problem: ${String(facts.problem)}`}`,
      );
      print(`threads       ${String(facts.threads)}`);
      print(`memory        ${(facts.memoryBytes / 2 ** 30).toFixed(1)} GiB`);
      for (const { name, available, reason } of facts.providers)
        print(`${name.padEnd(13)} ${available ? 'available' : 'not available'}: ${reason}`);
      for (const note of facts.notes) print(`note          ${note}`);
    });
}
