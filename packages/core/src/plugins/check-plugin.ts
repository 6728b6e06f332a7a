import type { Token } from '../contracts/token.js';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText, showValue } from '../errors/show-value.js';
import { idProblem } from './check-id.js';
import type { ContributedPart } from './contributed-part.js';
import { API_VERSION, type PartDefinition, type Plugin } from './define-plugin.js';

/**
 * Checks that a value is a plugin that this version can host.
 * @param source where it came from, for errors
 * @throws DoppioError PLUGIN_INVALID
 */
export function checkPlugin(value: unknown, source: string): Plugin {
  if (typeof value !== 'object' || value === null) {
    throw invalid(
      source,
      'A plugin must be the default export of its module.',
      value === undefined ? 'no default export' : `a default export that is ${showValue(value)}`,
      'Write `export default definePlugin({ id, api: 1, register })`.',
    );
  }
  const plugin = value as Partial<Plugin>;
  if (typeof plugin.id !== 'string' || plugin.id === '' || typeof plugin.register !== 'function') {
    throw invalid(
      source,
      'A plugin needs an `id` (its package name) and a function `register`.',
      `id ${showValue(plugin.id)}, register ${showValue(plugin.register)}`,
      'Declare it with `definePlugin({ id, api: 1, register })`.',
    );
  }
  const badId = idProblem(plugin.id);
  if (badId !== undefined)
    throw invalid(
      source,
      'A plugin has an id that cannot be used.',
      `${showValue(plugin.id)}: ${badId}`,
      "Use the package's name.",
    );
  if (plugin.api !== API_VERSION) {
    const newer = typeof plugin.api === 'number' && plugin.api > API_VERSION;
    throw invalid(
      source,
      `Plugin "${plugin.id}" was written for another version of the contracts.`,
      `the plugin has api ${showValue(plugin.api)}, this @doppio/core has api ${API_VERSION}`,
      newer
        ? 'Update @doppio/core, or use an older version of the plugin.'
        : 'Use a newer version of the plugin.',
    );
  }
  return plugin as Plugin;
}

/**
 * Runs a plugin's `register` and returns what it contributed.
 * @throws DoppioError PLUGIN_INVALID when it throws, returns a promise or contributes something incomplete; a
 * contribution after it has returned throws the same, in the plugin
 */
export function registeredParts(plugin: Plugin, source: string): readonly ContributedPart[] {
  const parts: ContributedPart[] = [];
  let open = true;
  const contribute = <T>(token: Token<T>, definition: PartDefinition<T>): void => {
    if (!open) {
      throw invalid(
        source,
        `Plugin "${plugin.id}" contributed a part after its \`register\` had returned.`,
        `part ${showValue((definition as { id?: unknown } | undefined)?.id)}`,
        "Contribute everything before `register` returns; do slow work in a part's `create`.",
      );
    }
    checkPart(token, definition, plugin.id, source);
    parts.push({ token, definition: definition as PartDefinition<unknown>, plugin: plugin.id, source });
  };
  let returned: unknown;
  try {
    returned = plugin.register({ contribute: contribute as Parameters<Plugin['register']>[0]['contribute'] });
  } catch (error) {
    if (DoppioError.is(error, 'PLUGIN_INVALID')) throw error;
    throw new DoppioError('PLUGIN_INVALID', {
      what: `Plugin "${plugin.id}" failed while it registered its parts.`,
      where: source,
      seen: errorText(error),
      fix: 'Tell the author of the plugin; `register` may only declare parts.',
      cause: error,
    });
  } finally {
    open = false;
  }
  if (typeof (returned as PromiseLike<unknown> | undefined)?.then === 'function') {
    // The promise is bound to reject at its first late contribution; that is the error reported here.
    void Promise.resolve(returned).catch(() => undefined);
    throw invalid(
      source,
      `Plugin "${plugin.id}" has an asynchronous \`register\`.`,
      '`register` returned a promise',
      "Make `register` synchronous; do slow work in a part's `create`.",
    );
  }
  return parts;
}

function checkPart(token: unknown, definition: unknown, plugin: string, source: string): void {
  const missing: string[] = [];
  const { symbol, description } = (token ?? {}) as Partial<Token<unknown>>;
  if (typeof symbol !== 'symbol' || typeof description !== 'string')
    missing.push('a token of @doppio/core as first argument');
  const part = (definition ?? {}) as Partial<PartDefinition<unknown>>;
  if (typeof part.id !== 'string' || part.id === '') missing.push('`id`');
  if (typeof part.description !== 'string') missing.push('`description`');
  if (typeof part.create !== 'function') missing.push('`create`');
  if (typeof part.options !== 'object' || part.options === null || !('_zod' in part.options))
    missing.push('`options`, a schema of zod 4');
  if (missing.length === 0) {
    const badId = idProblem(part.id);
    if (badId === undefined) return;
    throw invalid(
      source,
      `Plugin "${plugin}" contributed a part whose id cannot be used.`,
      `${showValue(part.id)}: ${badId}`,
      'Choose another id.',
    );
  }
  throw invalid(
    source,
    `Plugin "${plugin}" contributed an incomplete part.`,
    `${showValue(part.id)} lacks ${missing.join(', ')}`,
    'Write `contribute(Reward, { id, description, options: z.strictObject({ ... }), create })`.',
  );
}

function invalid(where: string, what: string, seen: string, fix: string): DoppioError {
  return new DoppioError('PLUGIN_INVALID', { what, where, seen, fix });
}
