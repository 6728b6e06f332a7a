import type { Token } from '../contracts/token.js';
import type { JsonSchema } from '../errors/json-schema.js';
import type { PartDefinition } from './define-plugin.js';

/** A part and the plugin it came from. */
export interface ContributedPart<T = unknown> {
  readonly token: Token<T>;
  readonly definition: PartDefinition<T>;
  /** Id of the plugin. */
  readonly plugin: string;
  /** Where the plugin came from: a file, most often. */
  readonly source: string;
}

/** A part as `doppio plugins` shows it. */
export interface PartDescription {
  readonly id: string;
  /** The contract's name, e.g. `Reward`. */
  readonly contract: string;
  readonly description: string;
  readonly plugin: string;
  /** JSON Schema of the options. */
  readonly options: JsonSchema;
}
