import { DoppioError, loadConfig, type ConfigOverride, type LoadedConfig, type Preset } from '@doppio/core';
import { nanoPreset } from '@doppio/nano-preset';
import { Option, type Command } from 'commander';
import { collect, integer } from './numbers.js';

/** Presets by name. */
export const presets: Readonly<Record<string, Preset>> = { [nanoPreset.name]: nanoPreset };

export interface ConfigFlags {
  readonly config?: string;
  readonly preset?: string;
  readonly set: readonly string[];
  readonly seed?: number;
  readonly out?: string;
  readonly steps?: number;
}

/** Flags that decide the configuration of a run. */
export function addConfigFlags(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'configuration (.ts, .js, .json, .yaml); default: doppio.config.* in this folder',
    )
    .option('--preset <name>', `start from a preset: ${Object.keys(presets).join(', ')}`)
    .addOption(
      new Option('--set <key=value>', 'change one key, e.g. --set training.steps=50 (may be repeated)')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--seed <n>', 'seed of everything random', integer(0))
    .option('--out <folder>', 'run folder')
    .option('--steps <n>', 'batches of rollouts to train on', integer(1));
}

/** Puts the configuration together from the flags. */
export async function configFromFlags(
  flags: ConfigFlags,
  extra: readonly ConfigOverride[] = [],
  cwd?: string,
): Promise<LoadedConfig> {
  const preset = flags.preset === undefined ? undefined : presets[flags.preset];
  if (flags.preset !== undefined && preset === undefined) {
    throw new DoppioError('CLI_PRESET', {
      what: 'there is no such preset',
      where: '--preset',
      seen: flags.preset,
      fix: `known presets: ${Object.keys(presets).join(', ')}`,
    });
  }
  const overrides: ConfigOverride[] = [
    ...(flags.seed === undefined ? [] : [{ flag: '--seed', key: 'seed', value: flags.seed }]),
    ...(flags.out === undefined ? [] : [{ flag: '--out', key: 'out', value: flags.out }]),
    ...(flags.steps === undefined ? [] : [{ flag: '--steps', key: 'training.steps', value: flags.steps }]),
    ...extra,
  ];
  return loadConfig({ file: flags.config, cwd, preset, set: flags.set, overrides });
}
