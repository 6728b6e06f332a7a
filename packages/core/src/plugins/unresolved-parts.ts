import { DoppioError } from '../errors/doppio-error.js';
import { nearestName, suggestion } from '../errors/nearest-name.js';
import type { ContributedPart } from './contributed-part.js';
import type { PartRequest } from './part-request.js';

/** A plugin that was added, and where it came from. */
export interface AddedPlugin {
  readonly id: string;
  readonly source: string;
}

/**
 * The error PARTS_UNRESOLVED with everything that keeps the parts from being found, or undefined: ids that several
 * plugins or contributions claim, and parts asked for that nobody contributes.
 */
export function unresolvedParts(
  requests: readonly PartRequest[],
  parts: readonly ContributedPart[],
  plugins: readonly AddedPlugin[],
): DoppioError | undefined {
  const problems = [...duplicatePlugins(plugins), ...duplicates(parts), ...unknown(requests, parts)];
  if (problems.length === 0) return undefined;
  return new DoppioError('PARTS_UNRESOLVED', {
    what:
      problems.length === 1 ? 'A part cannot be resolved.' : `${problems.length} parts cannot be resolved.`,
    where: [...new Set(problems.map(({ where }) => where))].join(', '),
    seen: problems.map(({ text }) => text).join('\n         '),
    fix: 'Name the plugin that contributes the part under `plugins` (once), or correct the id; `doppio plugins` lists all.',
  });
}

interface Unresolved {
  readonly where: string;
  readonly text: string;
}

function duplicatePlugins(plugins: readonly AddedPlugin[]): readonly Unresolved[] {
  const ids = new Set(plugins.map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const sources = plugins.filter((plugin) => plugin.id === id).map(({ source }) => source);
    if (sources.length === 1) return [];
    const text = `Plugin "${id}" is there ${sources.length} times: from ${sources.join(' and ')}.`;
    return [{ where: 'plugins', text }];
  });
}

function duplicates(parts: readonly ContributedPart[]): readonly Unresolved[] {
  const byId = new Map<string, ContributedPart[]>();
  for (const part of parts) {
    const key = `${part.token.description} "${part.definition.id}"`;
    byId.set(key, [...(byId.get(key) ?? []), part]);
  }
  return [...byId]
    .filter(([, claims]) => claims.length > 1)
    .map(([key, claims]) => ({
      where: 'plugins',
      text: `${key} is contributed ${claims.length} times: by ${claimants(claims)}.`,
    }));
}

/** Plugins by their ids; where two have the same one, by where they came from. */
function claimants(claims: readonly ContributedPart[]): string {
  const ids = new Set(claims.map(({ plugin }) => plugin));
  const areTold = ids.size === claims.length || new Set(claims.map(({ source }) => source)).size === 1;
  return claims.map(({ plugin, source }) => (areTold ? plugin : `${plugin} (${source})`)).join(' and ');
}

function unknown(requests: readonly PartRequest[], parts: readonly ContributedPart[]): readonly Unresolved[] {
  return requests.flatMap(({ token, use, path, origin }) => {
    if (typeof use !== 'string') return [];
    const ids = parts
      .filter((part) => part.token.symbol === token.symbol)
      .map(({ definition }) => definition.id);
    if (ids.includes(use)) return [];
    const others = parts
      .filter(({ definition }) => definition.id === use)
      .map((part) => part.token.description);
    const elsewhere = others.length === 0 ? '' : ` (there is a ${others.join(' and a ')} of that id)`;
    const written = origin?.(['use']);
    const text = `${path}: no ${token.description} "${use}"${elsewhere}. ${meantOrAvailable(use, ids)}${written === undefined ? '' : ` [${written}]`}`;
    return [{ where: path, text }];
  });
}

/** The nearest id, and all of them: the nearest one may not be the one that was meant. */
function meantOrAvailable(use: string, ids: readonly string[]): string {
  const names = [...new Set(ids)].sort();
  const all =
    names.length < 2 || nearestName(use, names) === undefined ? '' : ` Available: ${names.join(', ')}.`;
  return `${suggestion(use, names)}${all}`;
}
