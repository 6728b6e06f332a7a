import { DoppioError } from '../errors/doppio-error.js';
import { suggestion } from '../errors/nearest-name.js';
import type { ContributedPart } from './contributed-part.js';
import type { PartRequest } from './part-request.js';

/**
 * The error PARTS_UNRESOLVED with everything that keeps the parts from being found, or undefined: ids that several
 * contributions claim, and parts asked for that nobody contributes.
 */
export function unresolvedParts(
  requests: readonly PartRequest[],
  parts: readonly ContributedPart[],
): DoppioError | undefined {
  const problems = [...duplicates(parts), ...unknown(requests, parts)];
  if (problems.length === 0) return undefined;
  return new DoppioError('PARTS_UNRESOLVED', {
    what:
      problems.length === 1 ? 'A part cannot be resolved.' : `${problems.length} parts cannot be resolved.`,
    where: [...new Set(problems.map(({ where }) => where))].join(', '),
    seen: problems.map(({ text }) => text).join('\n         '),
    fix: 'Name the plugin that contributes the part under `plugins`, or correct the id; `doppio plugins` lists all.',
  });
}

interface Unresolved {
  readonly where: string;
  readonly text: string;
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
      text: `${key} is contributed ${claims.length} times: by ${claims.map(({ plugin }) => plugin).join(' and ')}.`,
    }));
}

function unknown(requests: readonly PartRequest[], parts: readonly ContributedPart[]): readonly Unresolved[] {
  return requests.flatMap(({ token, use, path }) => {
    if (typeof use !== 'string') return [];
    const ids = parts
      .filter((part) => part.token.symbol === token.symbol)
      .map(({ definition }) => definition.id);
    if (ids.includes(use)) return [];
    const others = parts
      .filter(({ definition }) => definition.id === use)
      .map((part) => part.token.description);
    const elsewhere = others.length === 0 ? '' : ` (there is a ${others.join(' and a ')} of that id)`;
    return [
      {
        where: path,
        text: `${path}: no ${token.description} "${use}"${elsewhere}. ${suggestion(use, [...new Set(ids)])}`,
      },
    ];
  });
}
