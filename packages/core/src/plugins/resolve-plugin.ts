import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';
import { packageEntry } from './package-entry.js';

const EXTENSIONS = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** Of npm: what is none is no package, and nobody should be told to install it. */
const PACKAGE = /^(@[\w.~-]+\/)?[\w.~-]+(\/.+)?$/;

/**
 * The file that a plugin's name stands for: a path (`./rewards.ts`, a package's folder) relative to the first
 * folder, or a package as found from each of the folders in turn.
 * @throws DoppioError PLUGIN_NOT_FOUND naming every place that was looked at
 */
export async function resolvePlugin(name: string, folders: readonly string[]): Promise<string> {
  const looked: string[] = [];
  const here = folders[0] ?? '.';
  if (isPath(name)) {
    const found = await fileOf(pathOf(name, here), '.', looked);
    if (found !== undefined) return found;
  } else if (PACKAGE.test(name)) {
    const { packageName, subpath } = splitName(name);
    for (const folder of folders) {
      for (const directory of ancestors(resolve(folder))) {
        const root = join(directory, 'node_modules', packageName);
        if (!existsSync(root)) continue;
        const found = await fileOf(realpathSync(root), subpath, looked, ['']);
        if (found !== undefined) return found;
      }
      looked.push(`node_modules of ${resolve(folder)} and the folders above it`);
    }
  }
  throw new DoppioError('PLUGIN_NOT_FOUND', {
    what: `There is no plugin ${JSON.stringify(name)}.`,
    where: 'plugins',
    seen: looked.length === 0 ? 'no name of a package' : `looked in ${[...new Set(looked)].join('; ')}`,
    fix: advice(name, here),
  });
}

/** Installing is proposed for names of packages only: npm would fetch `plugins/rewards` from GitHub. */
function advice(name: string, here: string): string {
  if (isPath(name)) return 'Correct the path.';
  if (name !== '' && existsSync(resolve(here, name))) return `Write ./${name}: a path begins with a dot.`;
  if (!PACKAGE.test(name)) return 'Name a package, or a path that begins with ./ or ../.';
  const { packageName, subpath } = splitName(name);
  const isPackage = subpath === '.' || packageName.startsWith('@');
  return isPackage
    ? `Install it (npm install ${packageName}) or correct its name; a path begins with ./ or ../.`
    : `Install ${packageName}, correct the name, or write ./${name} if it is a path.`;
}

function pathOf(name: string, here: string): string {
  if (!name.startsWith('file:')) return resolve(here, name);
  try {
    return fileURLToPath(name);
  } catch (error) {
    throw new DoppioError('PLUGIN_NOT_FOUND', {
      what: `There is no plugin ${JSON.stringify(name)}.`,
      where: 'plugins',
      seen: errorText(error),
      fix: 'Write a path, or file:/// and an absolute path.',
      cause: error,
    });
  }
}

/** Whether a plugin is named by its place and not as a package. */
export function isPath(name: string): boolean {
  return /^\.{1,2}(\/|\\|$)/.test(name) || name.startsWith('file:') || isAbsolute(name);
}

async function fileOf(
  path: string,
  subpath: string,
  looked: string[],
  extensions: readonly string[] = EXTENSIONS,
): Promise<string | undefined> {
  for (const extension of extensions) {
    const file = path + extension;
    if (!existsSync(file)) looked.push(file);
    else if (statSync(file).isFile()) return file;
    else {
      const entry = await packageEntry(file, subpath);
      if (entry.file !== undefined && existsSync(entry.file)) return entry.file;
      looked.push(entry.file === undefined ? entry.seen : `${entry.file} (is the package built?)`);
    }
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
