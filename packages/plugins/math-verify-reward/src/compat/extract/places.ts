import type { CompatMatchType, CompatSettings } from '../settings.js';
import { latexPatterns } from './latex-places.js';
import { letterPatterns } from './letter-places.js';
import type { Place, PlacePattern } from './place.js';
import { plainPatterns } from './plain-places.js';

/**
 * The places of a text where its answer may stand, group by group in falling order of trust; in a group the one that
 * ends last comes first, and of those that end together the one that starts first.
 */
export function* placesByTrust(text: string, settings: CompatSettings): Generator<readonly Place[]> {
  const patterns = settings.matchTypes.flatMap((type) => patternsOf(type, settings));
  const priorities = [...new Set(patterns.map((pattern) => pattern.priority))].sort((a, b) => a - b);
  for (const priority of priorities) {
    const group = patterns.filter((pattern) => pattern.priority === priority);
    yield group.flatMap((pattern) => pattern.find(text)).sort((a, b) => b.end - a.end || a.start - b.start);
  }
}

function patternsOf(type: CompatMatchType, settings: CompatSettings): readonly PlacePattern[] {
  const withoutAnchor = settings.tryExtractWithoutAnchor ?? true;
  switch (type) {
    case 'latex':
      return latexPatterns(settings.boxedMatchPriority, withoutAnchor);
    case 'expr':
      return plainPatterns(withoutAnchor);
    case 'string':
      return letterPatterns(withoutAnchor);
  }
}
