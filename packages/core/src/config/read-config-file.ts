import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText, showValue } from '../errors/show-value.js';
import { failurePlace, importDefault, withinDeadline } from '../plugins/import-module.js';
import { parseJson, parseYaml, type Parsed } from './parse-text.js';
import { isPlain } from './tree.js';

const EXTENSIONS = ['.ts', '.js', '.mjs', '.json', '.yaml', '.yml'] as const;
const MODULES: readonly string[] = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

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
 * Reads a configuration file of any kind and returns the object it stands for, unchecked. Lines are known of JSON and
 * YAML only.
 * @throws DoppioError CONFIG_SYNTAX, CONFIG_EMPTY, CONFIG_THREW, CONFIG_INVALID
 */
export async function readConfigFile(file: string): Promise<Parsed> {
  const isModule = MODULES.includes(extname(file));
  const { value, lines } = isModule ? { value: await evaluate(file), lines: new Map() } : await parse(file);
  if (value === undefined || value === null) {
    throw new DoppioError('CONFIG_EMPTY', {
      what: isModule ? 'The configuration file exports nothing.' : 'The configuration file is empty.',
      where: file,
      seen: isModule ? 'no default export, or one that is nothing' : 'no keys',
      fix: isModule ? 'Write `export default defineConfig({ ... })`.' : 'Write at least `model`.',
    });
  }
  // An instance of a class would be taken as one value: its paths would not be relative to the file.
  if (!isPlain(value)) {
    throw new DoppioError('CONFIG_INVALID', {
      what: 'A configuration must be an object.',
      where: file,
      seen: showValue(value),
      fix: 'Write keys and values, such as `model` and `rewards`.',
    });
  }
  return { value, lines };
}

async function evaluate(file: string): Promise<unknown> {
  try {
    const exported = await importDefault(file);
    const value = typeof exported === 'function' ? (exported as () => unknown)() : exported;
    return await withinDeadline(value, 'the promise that it makes');
  } catch (error) {
    throw new DoppioError('CONFIG_THREW', {
      what: 'The configuration file failed while it ran.',
      where: await failurePlace(error, file),
      seen: errorText(error),
      fix: 'Correct the file.',
      cause: error,
    });
  }
}

async function parse(file: string): Promise<Parsed> {
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
  if (text.trim() === '') return { value: undefined, lines: new Map() };
  return extension === '.json' ? parseJson(text, file) : parseYaml(text, file);
}
