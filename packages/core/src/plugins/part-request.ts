import type { Token } from '../contracts/token.js';
import type { Path } from '../errors/path.js';
import { showValue } from '../errors/show-value.js';
import type { PartContext } from './define-plugin.js';

/** A part that somebody asks for: by id with options, or the object itself. */
export interface PartRequest {
  readonly token: Token<unknown>;
  /** Where it was asked for, e.g. `rewards[1]`. */
  readonly path: string;
  /** Id of a contributed part, or an object that implements the contract. */
  readonly use: string | object;
  /** As written; checked by the part's own schema. */
  readonly options?: unknown;
  /** Where `use` or an option (`['options', 'tokens']`) was written: a file with its line, a flag. */
  readonly origin?: (path: Path) => string | undefined;
}

/** A part that was found and whose options are good. */
export interface PreparedPart {
  readonly token: Token<unknown>;
  readonly path: string;
  /** `Reward "length" (rewards[1])`, for errors. */
  readonly label: string;
  /** Whether it was given as an object: then it belongs to whoever made it and is never disposed by us. */
  readonly given: boolean;
  readonly create: (context: PartContext) => unknown;
}

export function partLabel({ token, path, use }: Pick<PartRequest, 'token' | 'path' | 'use'>): string {
  const id = typeof use === 'string' ? use : (use as { readonly id?: unknown }).id;
  return `${token.description} ${showValue(id ?? use)} (${path})`;
}
