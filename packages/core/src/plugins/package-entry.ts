import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

/** The file that a package's manifest names for a subpath, or why there is none. */
export async function packageEntry(
  root: string,
  subpath: string,
): Promise<{ readonly file: string } | { readonly file?: undefined; readonly seen: string }> {
  const manifestFile = join(root, 'package.json');
  if (!existsSync(manifestFile)) return { seen: `${root} (a folder without package.json)` };
  const { exports, main } = await readManifest(manifestFile);
  if (exports === undefined || exports === null) {
    const entry = subpath === '.' ? (main ?? 'index.js') : subpath;
    return typeof entry === 'string' ? { file: join(root, entry) } : { seen: `${manifestFile} (no entry)` };
  }
  const target = exportTarget(exports, subpath);
  return target === undefined
    ? { seen: `${manifestFile} (its exports have no "${subpath}" to import)` }
    : { file: join(root, target) };
}

async function readManifest(file: string): Promise<{ readonly exports?: unknown; readonly main?: unknown }> {
  let seen: string;
  let cause: unknown;
  try {
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof manifest === 'object' && manifest !== null) return manifest;
    seen = 'no JSON object';
  } catch (error) {
    seen = errorText(error);
    cause = error;
  }
  throw new DoppioError('PLUGIN_INVALID', {
    what: 'The manifest of a plugin cannot be read.',
    where: file,
    seen,
    fix: 'Install the package again.',
    cause,
  });
}

function exportTarget(exports: unknown, subpath: string): string | undefined {
  const hasSubpaths =
    typeof exports === 'object' &&
    exports !== null &&
    !Array.isArray(exports) &&
    Object.keys(exports).some((key) => key.startsWith('.'));
  if (!hasSubpaths) return subpath === '.' ? conditional(exports) : undefined;
  const targets = exports as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(targets, subpath)) return conditional(targets[subpath]);
  // The pattern with the longest part before its star, as Node has it.
  const [best] = Object.keys(targets)
    .filter((key) => matches(key, subpath))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*') || b.length - a.length);
  if (best === undefined) return undefined;
  const [before, after] = best.split('*') as [string, string];
  const star = subpath.slice(before.length, subpath.length - after.length);
  return conditional(targets[best])?.replaceAll('*', star);
}

function matches(pattern: string, subpath: string): boolean {
  const [before, after, ...others] = pattern.split('*');
  if (before === undefined || after === undefined || others.length > 0) return false;
  return (
    subpath.length >= pattern.length &&
    subpath.startsWith(before) &&
    subpath.endsWith(after) &&
    !subpath.includes('/../')
  );
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
