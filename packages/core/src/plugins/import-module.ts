import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { withDeadline } from '../async/deadline.js';
import { errorPlace } from '../errors/error-place.js';

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);

/** Seconds that a module, and what it exports, may take: for ever would end the process without a word. */
const DEADLINE_SECONDS = 60;

/**
 * The default export of a module file, or what a CommonJS build of an ES module calls so; where it is a promise, what
 * that gives.
 * @throws whatever the module throws; Error where it is not loaded in time
 */
export function importDefault(file: string): Promise<unknown> {
  return withinDeadline(defaultOf(file), 'the file, or a promise that it exports,');
}

async function defaultOf(file: string): Promise<unknown> {
  const { default: exported } = await importModule(file);
  const isBuild = typeof exported === 'object' && exported !== null && '__esModule' in exported;
  return isBuild && 'default' in exported ? exported.default : exported;
}

/** Rejects where the promise is still open after a minute. */
export function withinDeadline<T>(work: T | Promise<T>, who: string): Promise<T> {
  const tooLate = (): Error => new Error(`${who} is still waiting for something after ${DEADLINE_SECONDS} s`);
  return withDeadline(DEADLINE_SECONDS, undefined, tooLate, () => work);
}

/**
 * Imports a module file, TypeScript too. What such a file imports as `@doppio/core` is this very copy, wherever the
 * file lies: a configuration outside of a project works with a globally installed command.
 */
async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  if (!TYPESCRIPT.has(extname(file))) {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  }
  const core: unknown = await import('../index.js');
  const jiti = createJiti(file, {
    fsCache: false,
    interopDefault: false,
    virtualModules: { '@doppio/core': core },
  });
  const loaded = await jiti.import<unknown>(file);
  // `module.exports = ...` in a .cts file is given as it is, not as a namespace.
  return typeof loaded === 'object' && loaded !== null && ('default' in loaded || '__esModule' in loaded)
    ? (loaded as Record<string, unknown>)
    : { default: loaded };
}

/** Where importing a file failed: the file with a line, where that is known. */
export async function failurePlace(error: unknown, file: string): Promise<string> {
  const place = errorPlace(error, file);
  if (place !== file) return place;
  const line = await syntaxErrorLine(file).catch(() => undefined);
  return line === undefined ? file : `${file}:${line}`;
}

/**
 * Line of the first syntax error of a module file, or undefined. Node tells it of no file that was imported, only of
 * the one that a process was started with; the parser for TypeScript reads JavaScript as well.
 */
async function syntaxErrorLine(file: string): Promise<number | undefined> {
  const source = await readFile(file, 'utf8').catch(() => undefined);
  if (source === undefined) return undefined;
  const output = createJiti(file, { fsCache: false }).transform({ source, filename: file, async: true });
  const line = /__JITI_ERROR__ = \{.*?"line":(\d+)/.exec(output)?.[1];
  return line === undefined ? undefined : Number(line);
}
