import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText, showValue } from '../errors/show-value.js';
import { importModule } from '../plugins/import-module.js';
import { parseJson, parseYaml } from './parse-text.js';

const EXTENSIONS = ['.ts', '.js', '.mjs', '.json', '.yaml', '.yml'] as const;
const MODULES: readonly string[] = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/**
 * The configuration file to read: the one named, or the one `doppio.config.*` in the folder, if there is one.
 * @throws DoppioError CONFIG_NOT_FOUND, CONFIG_AMBIGUOUS
 */
export function findConfigFile(cwd: string, file?: string): string | undefined {
  if (file !== undefined) {
    const path = resolve(cwd, file);
    if (existsSync(path) && statSync(path).isFile()) return path;
    throw new DoppioError('CONFIG_NOT_FOUND', {
      what: 'The configuration file does not exist.',
      where: path,
      seen: existsSync(path) ? 'a folder' : 'nothing there',
      fix: 'Correct the path, or leave it out to use doppio.config.* in the working directory.',
    });
  }
  const found = EXTENSIONS.map((extension) => join(cwd, `doppio.config${extension}`)).filter((path) =>
    existsSync(path),
  );
  if (found.length > 1) {
    throw new DoppioError('CONFIG_AMBIGUOUS', {
      what: 'There are several configuration files in one folder.',
      where: cwd,
      seen: found.join(', '),
      fix: 'Name the one to use with --config, or remove the others.',
    });
  }
  return found[0];
}

/**
 * Reads a configuration file of any kind and returns the object it stands for, unchecked.
 * @throws DoppioError CONFIG_SYNTAX, CONFIG_EMPTY, CONFIG_THREW, CONFIG_INVALID
 */
export async function readConfigFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const value = MODULES.includes(extname(file)) ? await evaluate(file) : await parse(file);
  if (value === undefined || value === null) {
    throw new DoppioError('CONFIG_EMPTY', {
      what: 'The configuration file is empty.',
      where: file,
      fix: MODULES.includes(extname(file))
        ? 'Write `export default defineConfig({ ... })`.'
        : 'Write at least `model`.',
    });
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new DoppioError('CONFIG_INVALID', {
      what: 'A configuration must be an object.',
      where: file,
      seen: showValue(value),
      fix: 'Write keys and values, such as `model` and `rewards`.',
    });
  }
  return value as Record<string, unknown>;
}

async function evaluate(file: string): Promise<unknown> {
  try {
    const exported = (await importModule(file))['default'];
    return (await (typeof exported === 'function' ? (exported as () => unknown)() : exported)) as unknown;
  } catch (error) {
    throw new DoppioError('CONFIG_THREW', {
      what: 'The configuration file failed while it ran.',
      where: file,
      seen: errorText(error),
      fix: 'Correct the file.',
      cause: error,
    });
  }
}

async function parse(file: string): Promise<unknown> {
  const extension = extname(file);
  if (!['.json', '.yaml', '.yml'].includes(extension)) {
    throw new DoppioError('CONFIG_SYNTAX', {
      what: 'A configuration file cannot be of this kind.',
      where: file,
      seen: extension === '' ? 'no extension' : extension,
      fix: `Use one of ${EXTENSIONS.join(', ')}.`,
    });
  }
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new DoppioError('CONFIG_NOT_FOUND', {
      what: 'The configuration file cannot be read.',
      where: file,
      seen: errorText(error),
      fix: 'Correct its permissions.',
      cause: error,
    });
  }
  if (text.trim() === '') return undefined;
  return extension === '.json' ? parseJson(text, file) : parseYaml(text, file);
}
