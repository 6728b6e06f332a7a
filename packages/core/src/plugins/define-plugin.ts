import type { z } from 'zod';
import type { Token } from '../contracts/token.js';

/** Version of the contracts; a plugin names the one it was written for. */
export const API_VERSION = 1;

/** What a part may ask for while it is created. */
export interface PartContext {
  /** The run's seed. */
  readonly seed: number;
  /** Folder of the base model in Hugging Face form, absolute. */
  readonly model: string;
  /** Another configured part or a service of core. @throws DoppioError PART_MISSING naming both sides */
  readonly get: <T>(token: Token<T>) => Promise<T>;
  /** Aborted when the run is to stop at once. */
  readonly signal: AbortSignal;
}

/** One implementation of a contract, with the schema of its options. */
export interface PartDefinition<T, Schema extends z.ZodType = z.ZodType> {
  /** Unique among the parts of its contract; what configuration names in `use`. */
  readonly id: string;
  /** One sentence for `doppio plugins`. */
  readonly description: string;
  /** Options are checked by it (make it strict) before `create` sees them. */
  readonly options: Schema;
  readonly create: (options: z.output<Schema>, context: PartContext) => T | Promise<T>;
}

/** What a plugin's `register` may do: declare, nothing else. */
export interface PluginRegistry {
  readonly contribute: <T, Schema extends z.ZodType>(
    token: Token<T>,
    part: PartDefinition<T, Schema>,
  ) => void;
}

/** A plugin package's default export. */
export interface Plugin {
  /** The package's name. */
  readonly id: string;
  readonly api: typeof API_VERSION;
  readonly register: (registry: PluginRegistry) => void;
}

/** Types a plugin's declaration; returns it unchanged. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
