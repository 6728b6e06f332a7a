import { existsSync, realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);
const EXTENSIONS = ['', '.js', '.mjs', '.cjs', '.ts', '.mts'];

/**
 * The file that a plugin's name stands for: a path (`./rewards.ts`, a package's folder) relative to the first
 * folder, or a package as found from each of the folders in turn.
 * @throws DoppioError PLUGIN_NOT_FOUND naming every place that was looked at
 */
export async function resolvePlugin(name: string, folders: readonly string[]): Promise<string> {
  const looked: string[] = [];
  if (isPath(name)) {
    const path = name.startsWith('file:') ? fileURLToPath(name) : resolve(folders[0] ?? '.', name);
    const found = await fileOf(path, '.', looked);
    if (found !== undefined) return found;
  } else {
    const { packageName, subpath } = splitName(name);
    for (const folder of folders) {
      for (const directory of ancestors(resolve(folder))) {
        const root = join(directory, 'node_modules', packageName);
        if (!existsSync(root)) continue;
        const found = await fileOf(realpathSync(root), subpath, looked);
        if (found !== undefined) return found;
      }
      looked.push(`node_modules of ${resolve(folder)} and the folders above it`);
    }
  }
  throw new DoppioError('PLUGIN_NOT_FOUND', {
    what: `There is no plugin ${JSON.stringify(name)}.`,
    where: 'plugins',
    seen: `looked in ${[...new Set(looked)].join('; ')}`,
    fix: isPath(name) ? 'Correct the path.' : `Install it (npm install ${name}) or correct its name.`,
  });
}

/** Whether a plugin is named by its place and not as a package. */
export function isPath(name: string): boolean {
  return /^\.{1,2}(\/|\\|$)/.test(name) || name.startsWith('file:') || isAbsolute(name);
}

async function fileOf(path: string, subpath: string, looked: string[]): Promise<string | undefined> {
  for (const extension of EXTENSIONS) {
    const file = path + extension;
    looked.push(file);
    if (!existsSync(file)) continue;
    if (statSync(file).isFile()) return file;
    const entry = await entryOf(file, subpath);
    if (entry !== undefined && existsSync(entry)) return entry;
    if (entry !== undefined) looked.push(`${entry} (is the package built?)`);
  }
  return undefined;
}

/** What a package's manifest says its entry is. */
async function entryOf(root: string, subpath: string): Promise<string | undefined> {
  const manifestFile = join(root, 'package.json');
  if (!existsSync(manifestFile)) return undefined;
  let manifest: { exports?: unknown; main?: unknown };
  try {
    manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as typeof manifest;
  } catch (error) {
    throw new DoppioError('PLUGIN_INVALID', {
      what: 'The manifest of a plugin cannot be read.',
      where: manifestFile,
      seen: errorText(error),
      fix: 'Install the package again.',
      cause: error,
    });
  }
  const target =
    exportTarget(manifest.exports, subpath) ?? (subpath === '.' ? (manifest.main ?? 'index.js') : subpath);
  return typeof target === 'string' ? join(root, target) : undefined;
}

function exportTarget(exports: unknown, subpath: string): unknown {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) {
    return subpath === '.' ? conditional(exports) : undefined;
  }
  const hasSubpaths = Object.keys(exports).some((key) => key.startsWith('.'));
  if (!hasSubpaths) return subpath === '.' ? conditional(exports) : undefined;
  return conditional((exports as Record<string, unknown>)[subpath]);
}

/** First target whose conditions hold, in the manifest's order, as Node does it. */
function conditional(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(conditional).find((found) => found !== undefined);
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!CONDITIONS.has(condition)) continue;
    const found = conditional(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function splitName(name: string): { readonly packageName: string; readonly subpath: string } {
  const parts = name.split('/');
  const length = name.startsWith('@') ? 2 : 1;
  const rest = parts.slice(length);
  return {
    packageName: parts.slice(0, length).join('/'),
    subpath: rest.length === 0 ? '.' : `./${rest.join('/')}`,
  };
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
