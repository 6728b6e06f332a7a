import { DoppioError } from '../errors/doppio-error.js';
import { jsonSchemaOf } from '../errors/json-schema.js';
import { formatPath, type Path } from '../errors/path.js';
import { schemaProblems, unknownKey, type Problem } from '../errors/schema-problems.js';
import { errorText } from '../errors/show-value.js';
import { setOrigin } from './origins.js';
import { ConfigSchema, type ResolvedConfig } from './schema.js';
import { chosenParts, defaultParts } from './slots.js';
import { forbiddenKeys, isPlain, plainValue, sourceAt, treeOf, type Source, type Tree } from './tree.js';

/** Source of every leaf of a resolved configuration, by path: `{ 'rewards[0].weight': 'preset nano' }`. */
export type Provenance = Readonly<Record<string, string>>;

const DEFAULT: Source = { label: 'default', keyed: false, base: '.' };

/** The bottom layer: the default parts, so that their options can be set without naming them. */
export function defaultTree(): Tree {
  return treeOf(defaultParts, DEFAULT);
}

/**
 * A layer's tree.
 * @throws DoppioError CONFIG_INVALID where the value contains itself or is nested absurdly deep
 */
export function layerTree(value: unknown, source: Source): Tree {
  try {
    return treeOf(value, source);
  } catch (error) {
    throw new DoppioError('CONFIG_INVALID', {
      what: 'A configuration must be plain data.',
      where: source.label,
      seen: errorText(error),
      fix: 'Write plain objects, lists, texts, numbers and booleans, nested no deeper than needed.',
    });
  }
}

/**
 * Checks merged layers, fills in the defaults and names every leaf's source.
 * @param earlier problems found while the layers were put together; reported with the others
 * @throws DoppioError CONFIG_UNKNOWN_KEY where a key is unknown, else CONFIG_INVALID; every problem is named
 */
export function resolveLayers(
  tree: Tree,
  {
    base,
    earlier = [],
    sources,
    place,
  }: {
    readonly base: string;
    readonly earlier?: readonly Problem[];
    readonly sources: readonly string[];
    /** Where in the configuration file a key stands. */
    readonly place?: ((path: Path) => string) | undefined;
  },
): { readonly config: ResolvedConfig; readonly provenance: Provenance } {
  const written = plainValue(tree);
  const schema = jsonSchemaOf(ConfigSchema, 'output');
  const parsed = ConfigSchema.safeParse(written);
  const problems = [
    ...earlier,
    ...(parsed.success ? [] : schemaProblems(parsed.error.issues, written, schema)),
    ...forbiddenKeys(tree).map((path) => unknownKey(path, schema)),
  ];
  const whereWritten = (path: Path): string | undefined => writtenAt(tree, path, place);
  if (problems.length > 0 || !parsed.success) throw configError(problems, whereWritten, sources);
  // `out` by default is relative to where the configuration is.
  const out =
    sourceAt(tree, ['out'], true) === undefined ? absoluteOut(parsed.data.out, base) : parsed.data.out;
  const config: ResolvedConfig = frozen({ ...parsed.data, out });
  for (const { part, path } of chosenParts<object>(config))
    setOrigin(part, (rest) => whereWritten([...path, ...rest]));
  return { config, provenance: provenanceOf(config, tree) };
}

/** Freezes plain data all the way down. It is ours: the layers were copied. Parts given in code stay as they are. */
function frozen<T>(value: T, key?: string): T {
  if (key === 'use' || !(Array.isArray(value) || isPlain(value))) return value;
  for (const [name, item] of Object.entries(value)) frozen<unknown>(item, name);
  return Object.freeze(value);
}

function absoluteOut(out: string, base: string): string {
  const tree = treeOf({ out }, { ...DEFAULT, base });
  return (plainValue(tree) as { out: string }).out;
}

function provenanceOf(config: ResolvedConfig, tree: Tree): Provenance {
  return Object.fromEntries(
    leaves(config).map(({ path }) => [formatPath(path), sourceAt(tree, path, true) ?? 'default']),
  );
}

/** Every leaf of a resolved configuration; empty lists and objects are leaves, and so are parts given in code. */
export function leaves(
  value: unknown,
  path: Path = [],
): readonly { readonly path: Path; readonly value: unknown }[] {
  if (!(Array.isArray(value) || isPlain(value)) || path.at(-1) === 'use') return [{ path, value }];
  const entries = Array.isArray(value)
    ? value.map((item: unknown, i) => [i, item] as const)
    : Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return path.length === 0 ? [] : [{ path, value }];
  return entries.flatMap(([key, item]) => leaves(item, [...path, key]));
}

/** Source of a value, with its line where that is known; undefined for defaults. */
function writtenAt(tree: Tree, path: Path, place: ((path: Path) => string) | undefined): string | undefined {
  const source = sourceAt(tree, path);
  if (source === 'default') return undefined;
  return source?.startsWith('file:') === true && place !== undefined ? place(path) : source;
}

function configError(
  problems: readonly Problem[],
  whereWritten: (path: Path) => string | undefined,
  sources: readonly string[],
): DoppioError {
  const unknown = problems.some(({ kind }) => kind === 'unknown-key');
  const lines = problems.map(({ path, text, source = whereWritten(path) }) => {
    const from = source === undefined ? '' : ` [${source}]`;
    return `${path.length === 0 ? 'configuration' : formatPath(path)}: ${text}${from}`;
  });
  const what =
    problems.length === 1
      ? 'The configuration has a problem.'
      : `The configuration has ${problems.length} problems.`;
  return new DoppioError(unknown ? 'CONFIG_UNKNOWN_KEY' : 'CONFIG_INVALID', {
    what,
    where: sources.length === 0 ? 'no configuration file, preset or flag was given' : sources.join(', '),
    seen: [...new Set(lines)].join('\n         '),
    fix: 'Correct these keys; docs/configuration.md lists all of them.',
  });
}
