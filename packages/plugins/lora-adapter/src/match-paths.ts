import { createContext, Script } from 'node:vm';
import { DoppioError, type LinearSite } from '@doppio/core';

/** Which projections an adapter is put on, as PEFT's configuration says it. */
export interface TargetSelection {
  readonly targets: string | readonly string[];
  /** Taken out again, by the same rules. */
  readonly exclude?: string | readonly string[] | undefined;
  /** Restricts a list of names to these blocks. */
  readonly layers?: readonly number[] | undefined;
}

/** A pattern comes with a downloaded file: matching a few hundred short paths may not take longer than this. */
const MATCH_MILLISECONDS = 2000;

/**
 * The projections that are adapted, in the model's order.
 * @throws DoppioError ADAPTER_TARGETS when none is, when a listed name fits none, or for a bad pattern
 */
export function selectSites(
  sites: readonly LinearSite[],
  selection: TargetSelection,
  where: string,
): readonly LinearSite[] {
  const { targets, exclude, layers } = selection;
  const paths = sites.map(({ path }) => path);
  const chosen = targets === 'all-linear' ? new Set(paths) : matching(targets, paths, where);
  const excluded = exclude === undefined ? new Set<string>() : matching(exclude, paths, where);
  const unused = typeof targets === 'string' ? [] : targets.filter((name) => !paths.some((path) => fits(path, name)));
  const selected = sites.filter(
    ({ path, layer }) =>
      chosen.has(path) &&
      !excluded.has(path) &&
      (layers === undefined || (layer !== undefined && layers.includes(layer))),
  );
  if (selected.length > 0 && unused.length === 0) return selected;
  throw new DoppioError('ADAPTER_TARGETS', {
    what:
      unused.length > 0
        ? 'target names fit no linear projection of the model'
        : 'the targets leave no projection to adapt',
    where,
    seen: JSON.stringify(unused.length > 0 ? unused : targets),
    fix: `use 'all-linear' or names among ${[...new Set(sites.map(({ module }) => module))].join(', ')}`,
  });
}

/**
 * The first entry of a rank or alpha pattern that fits the end of each path; paths without one are left out.
 * As in PEFT a key is a regular expression for the whole path or for what follows one of its dots.
 */
export function matchPatterns<T>(
  patterns: Readonly<Record<string, T>>,
  paths: readonly string[],
  where: string,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [key, value] of Object.entries(patterns)) {
    for (const path of matchAll(`(?:.*\\.)?(?:${translate(key, where)})`, paths, where)) {
      if (!found.has(path)) found.set(path, value);
    }
  }
  return found;
}

function matching(targets: string | readonly string[], paths: readonly string[], where: string): ReadonlySet<string> {
  if (typeof targets === 'string') return new Set(matchAll(translate(targets, where), paths, where));
  return new Set(paths.filter((path) => targets.some((name) => fits(path, name))));
}

function fits(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`);
}

/** Rewrites what Python spells differently, and refuses what has no counterpart: it would silently mean something else. */
function translate(pattern: string, where: string): string {
  const refused = /\(\?(?![:=!<P])|\(\?P[^<=]|\(\?P?<?[^)]*\(\?\(|[*+?}]\+|\\[AZ](?=.*\\[AZ].*\\[AZ])/.exec(pattern);
  if (refused !== null) throw badPattern(pattern, where, `${JSON.stringify(refused[0])} is not known here`);
  return pattern
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
}

/** The paths that match as a whole. Runs in a context of its own, since only there matching can be timed out. */
function matchAll(pattern: string, paths: readonly string[], where: string): readonly string[] {
  const context = createContext({ pattern: `^(?:${pattern})$`, paths: JSON.stringify(paths) });
  const script = new Script('JSON.stringify(JSON.parse(paths).filter((path) => new RegExp(pattern).test(path)))');
  try {
    return JSON.parse(script.runInContext(context, { timeout: MATCH_MILLISECONDS }) as string) as string[];
  } catch (cause) {
    throw badPattern(pattern, where, cause instanceof Error ? cause.message : String(cause));
  }
}

function badPattern(pattern: string, where: string, seen: string): DoppioError {
  return new DoppioError('ADAPTER_TARGETS', {
    what: `the pattern ${JSON.stringify(pattern)} cannot be used`,
    where,
    seen,
    fix: 'write a simpler regular expression, or list module names',
  });
}
