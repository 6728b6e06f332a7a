import { fileURLToPath } from 'node:url';
import type { Token } from '../contracts/token.js';
import { DoppioError } from '../errors/doppio-error.js';
import { jsonSchemaOf } from '../errors/json-schema.js';
import { errorText } from '../errors/show-value.js';
import { checkPlugin, registeredParts } from './check-plugin.js';
import type { ContributedPart, PartDescription } from './contributed-part.js';
import type { Plugin } from './define-plugin.js';
import { failurePlace, importDefault } from './import-module.js';
import type { PartRequest, PreparedPart } from './part-request.js';
import { preparePart } from './prepare-part.js';
import { resolvePlugin } from './resolve-plugin.js';
import { unresolvedParts } from './unresolved-parts.js';

const CORE_FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Loads plugins and knows the parts they contribute. */
export class PluginHost {
  readonly #plugins = new Map<Plugin, string>();
  readonly #parts: ContributedPart[] = [];

  /** Ids of the plugins, in the order they were added. */
  get plugins(): readonly string[] {
    return [...this.#plugins.keys()].map(({ id }) => id);
  }

  /**
   * Adds a plugin; adding the same object again does nothing.
   * @param source where it came from, for errors
   * @throws DoppioError PLUGIN_INVALID
   */
  add(value: Plugin, source = `plugin ${(value as { id?: string } | undefined)?.id ?? ''}`.trim()): void {
    const plugin = checkPlugin(value, source);
    if (this.#plugins.has(plugin)) return;
    const parts = registeredParts(plugin, source);
    this.#plugins.set(plugin, source);
    this.#parts.push(...parts);
  }

  /**
   * Loads plugins by package name or path, in this order. Paths are relative to `from` (the folder of the
   * configuration); packages are looked for from there, then from `workspace` (default: the working directory), then
   * beside this package. Loads all that can be loaded before it reports what could not.
   * @throws DoppioError PLUGIN_NOT_FOUND, PLUGIN_INVALID
   */
  async loadPlugins(
    names: readonly string[],
    { from, workspace = process.cwd() }: { readonly from: string; readonly workspace?: string },
  ): Promise<void> {
    const failures: DoppioError[] = [];
    for (const name of names) {
      try {
        const file = await resolvePlugin(name, [from, workspace, CORE_FOLDER]);
        this.add(await importPlugin(file, name), file);
      } catch (error) {
        if (!DoppioError.is(error)) throw error;
        failures.push(error);
      }
    }
    const [first] = failures;
    if (first === undefined) return;
    if (failures.length === 1) throw first;
    throw new DoppioError(first.code, {
      what: `${failures.length} of ${names.length} plugins could not be loaded.`,
      where: 'plugins',
      seen: failures.map(({ message }) => `\n${message}`).join(''),
      cause: new AggregateError(failures),
    });
  }

  /** Parts of a contract, in the order they were contributed. */
  parts<T>(token: Token<T>): readonly ContributedPart<T>[] {
    return this.#parts.filter((part) => part.token.symbol === token.symbol) as readonly ContributedPart<T>[];
  }

  /** Every part, by contract and id. */
  describe(): readonly PartDescription[] {
    return this.#parts
      .map(({ token, definition, plugin }) => ({
        id: definition.id,
        contract: token.description,
        description: definition.description,
        plugin,
        options: jsonSchemaOf(definition.options),
      }))
      .sort((a, b) => a.contract.localeCompare(b.contract) || a.id.localeCompare(b.id));
  }

  /**
   * Finds every part asked for and checks its options.
   * @throws DoppioError PARTS_UNRESOLVED with every unknown part and every id that is there twice, of plugins and parts;
   * OPTIONS_INVALID with every option that is wrong
   */
  async prepare(requests: readonly PartRequest[]): Promise<readonly PreparedPart[]> {
    const plugins = [...this.#plugins].map(([{ id }, source]) => ({ id, source }));
    const unresolved = unresolvedParts(requests, this.#parts, plugins);
    if (unresolved !== undefined) throw unresolved;
    const prepared = await Promise.all(
      requests.map((request) => preparePart(request, this.parts(request.token))),
    );
    const problems = prepared.flatMap((result) => ('problems' in result ? result.problems : []));
    if (problems.length > 0) {
      const only = problems.length === 1 ? problems[0] : undefined;
      throw new DoppioError('OPTIONS_INVALID', {
        what:
          only === undefined
            ? `${problems.length} options of parts are wrong.`
            : 'An option of a part is wrong.',
        where: [...new Set(problems.map(({ label }) => label))].join(', '),
        seen: problems.map(({ text }) => text).join('\n         '),
        fix: 'Run `doppio plugins` to see the options of each part.',
      });
    }
    return prepared.filter((result): result is PreparedPart => 'create' in result);
  }
}

async function importPlugin(file: string, name: string): Promise<Plugin> {
  try {
    // checkPlugin looks at it before anything else does
    return (await importDefault(file)) as Plugin;
  } catch (error) {
    throw new DoppioError('PLUGIN_INVALID', {
      what: `Plugin ${JSON.stringify(name)} failed while it was imported.`,
      where: await failurePlace(error, file),
      seen: errorText(error),
      fix: 'Tell the author of the plugin, or install what it says is missing.',
      cause: error,
    });
  }
}
