import { formatPath } from '../errors/path.js';
import { showValue } from '../errors/show-value.js';
import { leaves, type Provenance } from './resolve-layers.js';
import type { ResolvedConfig } from './schema.js';

/** One key of a resolved configuration, for `doppio config print --json`. */
export interface ConfigEntry {
  readonly key: string;
  /** JSON; a part given in code is shown as `<its id>`. */
  readonly value: unknown;
  readonly source: string;
}

/** Every leaf with its value and source, in the order of the schema. */
export function configEntries(config: ResolvedConfig, provenance: Provenance): readonly ConfigEntry[] {
  return leaves(config).map(({ path, value }) => {
    const key = formatPath(path);
    return { key, value: jsonValue(value), source: provenance[key] ?? 'default' };
  });
}

/** The configuration as a table: `key = value  # source`. */
export function describeConfig(config: ResolvedConfig, provenance: Provenance): string {
  const rows = configEntries(config, provenance).map(({ key, value, source }) => ({
    left: `${key} = ${JSON.stringify(value)}`,
    source,
  }));
  const width = Math.min(60, Math.max(0, ...rows.map(({ left }) => left.length)));
  return rows.map(({ left, source }) => `${left.padEnd(width)}  # ${source}\n`).join('');
}

function jsonValue(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'bigint') return showValue(value);
  if (typeof value !== 'object' || value === null) return value;
  const { id } = value as { readonly id?: unknown };
  if (Array.isArray(value) || Object.keys(value).length === 0) return value;
  return typeof id === 'string' ? `<${id}>` : showValue(value);
}
