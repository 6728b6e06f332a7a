import type { Path } from '../errors/path.js';

/** Where a value of a part's place was written: the path starts at the part, `['options', 'tokens']`. */
export type Origin = (path: Path) => string | undefined;

/**
 * Kept beside the parts of a configuration and not in them: a configuration is plain data, and what is made of it by
 * copying (another `out`, fewer trackers) still has the same parts.
 */
const origins = new WeakMap<object, Origin>();

export function setOrigin(part: object, origin: Origin): void {
  origins.set(part, origin);
}

/** Where something of this part was written, or undefined where nobody said. */
export function originOf(part: object, path: Path): string | undefined {
  return origins.get(part)?.(path);
}
