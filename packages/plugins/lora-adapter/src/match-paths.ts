import { createContext, Script } from 'node:vm';
import { DoppioError, type LinearSite } from '@doppio/core';

/** Which projections an adapter is put on, as PEFT's configuration says it. */
export interface TargetSelection {
  /** `all-linear`, names that paths end in, or a regular expression for whole paths. */
  readonly targets: string | readonly string[];
  /** Taken out again, by the same rules. */
  readonly exclude?: string | readonly string[] | undefined;
  /** Keeps these blocks only; all where empty. As in PEFT a projection that is listed by its whole path stays anyway. */
  readonly layers?: readonly number[] | undefined;
}

/** A pattern may come with a downloaded file: matching a few hundred short paths must not take longer than this. */
const MATCH_MILLISECONDS = 2000;

/**
 * The projections that are adapted, in the model's order.
 * @throws DoppioError ADAPTER_TARGETS when there are none, or for a bad pattern
 */
export function selectSites(
  sites: readonly LinearSite[],
  { targets, exclude, layers }: TargetSelection,
  where: string,
): readonly LinearSite[] {
  const paths = sites.map(({ path }) => path);
  const all = typeof targets === 'string' && targets.toLowerCase() === 'all-linear';
  const chosen = all ? new Set(paths) : matching(targets, paths, where);
  const excluded = exclude === undefined ? new Set<string>() : matching(exclude, paths, where);
  const inLayers = ({ path, layer }: LinearSite): boolean =>
    layers === undefined ||
    layers.length === 0 ||
    (layer !== undefined && layers.includes(layer)) ||
    (typeof targets !== 'string' && targets.includes(path));
  const selected = sites.filter(
    (site) => chosen.has(site.path) && !excluded.has(site.path) && inLayers(site),
  );
  if (selected.length > 0) return selected;
  throw targetError('the targets leave no projection to adapt', where, JSON.stringify(targets), sites);
}

/**
 * Refuses listed names that fit no projection: they are misspelt, and would otherwise just not be trained.
 * @throws DoppioError ADAPTER_TARGETS
 */
export function checkTargetNames(
  sites: readonly LinearSite[],
  targets: string | readonly string[],
  where: string,
): void {
  if (typeof targets === 'string') return;
  const unused = targets.filter((name) => !sites.some(({ path }) => fits(path, name)));
  if (unused.length === 0) return;
  throw targetError('target names fit no linear projection of the model', where, unused.join(', '), sites);
}

/** Refuses blocks that the model does not have. @throws DoppioError ADAPTER_TARGETS */
export function checkLayers(sites: readonly LinearSite[], layers: readonly number[], where: string): void {
  const unknown = layers.filter((layer) => !sites.some((site) => site.layer === layer));
  if (unknown.length === 0) return;
  throw new DoppioError('ADAPTER_TARGETS', {
    what: 'the model has no such blocks',
    where,
    seen: unknown.join(', '),
    fix: `use blocks of 0 to ${String(Math.max(...sites.map(({ layer = -1 }) => layer)))}`,
  });
}

/**
 * The value of the first pattern that fits the end of each path; paths without one are left out. As in PEFT a
 * key is a regular expression for the whole path or for what follows one of its dots.
 * @throws DoppioError ADAPTER_TARGETS for a bad pattern
 */
export function matchPatterns<T>(
  patterns: Readonly<Record<string, T>>,
  paths: readonly string[],
  where: string,
): ReadonlyMap<string, T> {
  const entries = Object.entries(patterns);
  const expressions = entries.map(([key]) => `(.*\\.)?(?:${translate(key, where)})`);
  const found = new Map<string, T>();
  firstMatches(expressions, paths, where).forEach((entry, i) => {
    if (entry >= 0) found.set(paths[i] as string, (entries[entry] as [string, T])[1]);
  });
  return found;
}

/**
 * Refuses patterns that fit no adapted projection: PEFT only warns of them, and the rank meant would just not be used.
 * @throws DoppioError ADAPTER_TARGETS
 */
export function checkPatterns(
  patterns: Readonly<Record<string, unknown>>,
  paths: readonly string[],
  where: string,
): void {
  const unused = Object.keys(patterns).filter((key) => matchPatterns({ [key]: 0 }, paths, where).size === 0);
  if (unused.length === 0) return;
  throw new DoppioError('ADAPTER_TARGETS', {
    what: 'patterns fit no adapted projection',
    where,
    seen: unused.join(', '),
    fix: `write regular expressions for the ends of paths such as ${String(paths[0])}`,
  });
}

function matching(
  targets: string | readonly string[],
  paths: readonly string[],
  where: string,
): ReadonlySet<string> {
  if (typeof targets !== 'string') {
    return new Set(paths.filter((path) => targets.some((name) => fits(path, name))));
  }
  const matches = firstMatches([translate(targets, where)], paths, where);
  return new Set(paths.filter((_, i) => matches[i] === 0));
}

function fits(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`);
}

/** Rewrites what Python spells differently; refuses what has no counterpart, since it would mean something else. */
function translate(pattern: string, where: string): string {
  const unknown = /\(\?(?!:|=|!|<|P<|P=).?|[*+?}]\+|\[\^?\]/.exec(pattern);
  if (unknown !== null) throw badPattern(pattern, where, `${unknown[0]} is not known here`);
  return pattern
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\{,(\d+)\}/g, '{0,$1}')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
}

const matcher = new Script(`
  const expressions = JSON.parse(patterns).map((pattern) => new RegExp('^(?:' + pattern + ')$'));
  JSON.stringify(JSON.parse(paths).map((path) => expressions.findIndex((expression) => expression.test(path))));
`);

/** For each path the first pattern that matches all of it, or -1. Only in a context of its own can it time out. */
function firstMatches(
  patterns: readonly string[],
  paths: readonly string[],
  where: string,
): readonly number[] {
  if (patterns.length === 0) return [];
  const context = createContext({ patterns: JSON.stringify(patterns), paths: JSON.stringify(paths) });
  try {
    return JSON.parse(matcher.runInContext(context, { timeout: MATCH_MILLISECONDS }) as string) as number[];
  } catch (cause) {
    throw badPattern(patterns.join('  '), where, (cause as Error).message);
  }
}

function badPattern(pattern: string, where: string, seen: string): DoppioError {
  return new DoppioError('ADAPTER_TARGETS', {
    what: `a pattern cannot be used: ${pattern}`,
    where,
    seen,
    fix: 'write a simpler regular expression, or list module names',
  });
}

function targetError(what: string, where: string, seen: string, sites: readonly LinearSite[]): DoppioError {
  const known = [...new Set(sites.map(({ module }) => module))].join(', ');
  return new DoppioError('ADAPTER_TARGETS', {
    what,
    where,
    seen,
    fix: `use 'all-linear' or names among: ${known}`,
  });
}
