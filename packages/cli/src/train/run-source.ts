import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  chosenParts,
  DoppioError,
  writeFileAtomic,
  type LoadedConfig,
  type ResolvedConfig,
} from '@doppio/core';
import { configFromFlags, type ConfigFlags } from '../config-flags.js';

/**
 * In run folders whose configuration has parts given in code: how that configuration was made. JSON holds no code, so
 * `config.json` alone cannot bring such a run back.
 */
const SOURCE_FILE = 'config-source.json';

interface RunSource {
  /** Absolute. */
  readonly file: string;
  /** Folder that the paths in flags start from. */
  readonly cwd: string;
  readonly flags: Pick<ConfigFlags, 'preset' | 'set' | 'seed' | 'steps'>;
}

/**
 * Notes where the parts given in code come from, if there are any. Comes before `config.json`: were it the other way
 * round, a run killed in between would look like one without such parts.
 * @throws DoppioError RUN_WRITE
 */
export async function writeRunSource(
  directory: string,
  { config, file }: LoadedConfig,
  { preset, set, seed, steps }: ConfigFlags,
): Promise<void> {
  if (file === undefined || !hasPartsInCode(config)) return;
  const source = { file, cwd: process.cwd(), flags: { preset, set, seed, steps } };
  const path = join(directory, SOURCE_FILE);
  await writeFileAtomic(path, `${JSON.stringify(source, undefined, 2)}\n`).catch((error: unknown) => {
    throw new DoppioError('RUN_WRITE', {
      what: `${SOURCE_FILE} cannot be written.`,
      where: path,
      seen: (error as Error).message,
      fix: 'make room or change the permissions, or choose another folder with --out',
      cause: error,
    });
  });
}

/**
 * The configuration of an earlier run.
 * @throws DoppioError CLI_RESUME where there is no run, or its configuration's file says something else by now
 */
export async function resumedConfig(folder: string): Promise<LoadedConfig> {
  const directory = resolve(folder);
  const file = join(directory, 'config.json');
  const source = join(directory, SOURCE_FILE);
  if (!existsSync(file) && !existsSync(source))
    throw new DoppioError('CLI_RESUME', {
      what: 'there is no run to go on with in this folder',
      where: directory,
      seen: 'no config.json',
      fix: 'name the folder of a run (its `out`)',
    });
  const out = { flag: '--resume', key: 'out', value: directory };
  if (!existsSync(source)) return configFromFlags({ set: [], config: file }, [out]);
  const { file: config, cwd, flags } = (await readJson(source)) as RunSource;
  const loaded = await configFromFlags({ ...flags, config }, [out], cwd);
  // Killed before anything else was written.
  if (!existsSync(file)) return loaded;
  const saved = (await readJson(file)) as Record<string, unknown>;
  const now = JSON.parse(JSON.stringify(loaded.config)) as Record<string, unknown>;
  const changed = Object.keys({ ...saved, ...now }).filter(
    (key) => key !== 'out' && !isDeepStrictEqual(saved[key], now[key]),
  );
  if (changed.length > 0)
    throw new DoppioError('CLI_RESUME', {
      what: 'the configuration has changed since this run was started',
      where: config,
      seen: `other values of ${changed.join(', ')} than in ${file}`,
      fix: 'undo the change, or start a new run',
    });
  return loaded;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new DoppioError('RUN_READ', {
      what: 'a file of the run cannot be read',
      where: path,
      seen: (error as Error).message,
      fix: 'restore the file from a copy, or start a new run in another folder with --out',
      cause: error,
    });
  }
}

function hasPartsInCode(config: ResolvedConfig): boolean {
  return chosenParts<object>(config).some(
    ({ part }) => !isDeepStrictEqual(JSON.parse(JSON.stringify(part)), part),
  );
}
