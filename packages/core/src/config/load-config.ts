import { dirname, resolve } from 'node:path';
import { formatPath, parsePath, type Path } from '../errors/path.js';
import type { Problem } from '../errors/schema-problems.js';
import type { Lines } from './parse-json.js';
import { findConfigFile, readConfigFile } from './read-config-file.js';
import { defaultTree, layerTree, resolveLayers, type Provenance } from './resolve-layers.js';
import type { Preset, ResolvedConfig } from './schema.js';
import { assign, parseSetExpression } from './set-expression.js';
import { merge, type Source, type Tree } from './tree.js';

/** A value that has a flag of its own, e.g. `{ flag: '--seed', key: 'seed', value: 7 }`. */
export interface ConfigOverride {
  /** Shown as the value's source. */
  readonly flag: string;
  /** `training.steps`, `rewards[0].weight`. */
  readonly key: string;
  readonly value: unknown;
}

export interface LoadConfigOptions {
  /** Configuration file, relative to `cwd`; default: the one `doppio.config.*` in `cwd`, if there is one. */
  readonly file?: string | undefined;
  /** Default: the working directory. */
  readonly cwd?: string | undefined;
  readonly preset?: Preset | undefined;
  /** Expressions `key=value`, later ones over earlier ones. */
  readonly set?: readonly string[] | undefined;
  readonly overrides?: readonly ConfigOverride[] | undefined;
}

export interface LoadedConfig {
  readonly config: ResolvedConfig;
  readonly provenance: Provenance;
  /** The file that was read, absolute. */
  readonly file: string | undefined;
  /** Folder of that file, or `cwd`: where plugins are looked for first. */
  readonly directory: string;
}

/**
 * Puts the configuration together: defaults, below the preset, below the file, below `set`, below `overrides`.
 * Objects are merged key by key, lists are replaced whole, and a part that is replaced by another one loses its
 * options. Relative paths are taken from the file's folder, in flags from `cwd`.
 * @throws DoppioError CONFIG_NOT_FOUND, CONFIG_AMBIGUOUS, CONFIG_SYNTAX, CONFIG_EMPTY, CONFIG_THREW, CONFIG_SET,
 * CONFIG_UNKNOWN_KEY, CONFIG_INVALID
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const file = findConfigFile(cwd, options.file);
  const directory = file === undefined ? cwd : dirname(file);
  const sources: string[] = [];
  let tree = defaultTree();
  let place: ((path: Path) => string) | undefined;

  const layer = (value: unknown, source: Source) => {
    sources.push(source.label);
    tree = merge(tree, layerTree(value, source));
  };
  if (options.preset !== undefined) {
    layer(options.preset.config, { label: `preset ${options.preset.name}`, keyed: false, base: cwd });
  }
  if (file !== undefined) {
    const { value, lines } = await readConfigFile(file);
    layer(value, { label: `file:${file}`, keyed: true, base: directory });
    place = (path) => placeInFile(file, lines, path);
  }

  const problems: Problem[] = [];
  const put = (label: string, path: Path, value: unknown) => {
    if (!sources.includes(label)) sources.push(label);
    const next: Tree = assign(tree, { path, value }, { label, keyed: false, base: cwd }, problems);
    tree = next;
  };
  for (const expression of options.set ?? []) {
    const { path, value } = parseSetExpression(expression);
    put('--set', path, value);
  }
  for (const { flag, key, value } of options.overrides ?? []) put(flag, parsePath(key) ?? [key], value);

  return { ...resolveLayers(tree, { base: directory, earlier: problems, sources, place }), file, directory };
}

/** `file:/a/doppio.config.json:12 training.steps`: a terminal opens it there. Of code no lines are known. */
function placeInFile(file: string, lines: Lines, path: Path): string {
  // A part that is named by its id alone has no `use` of its own in the file: then the line of what is around it.
  const around = path.map((_, i) => lines.get(formatPath(path.slice(0, path.length - i))));
  const line = around.find((found) => found !== undefined);
  return `file:${file}${line === undefined ? '' : `:${line}`} ${formatPath(path)}`;
}
