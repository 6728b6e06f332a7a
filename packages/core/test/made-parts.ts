import { z } from 'zod';
import { ConfigSchema, type DoppioConfig, type ResolvedConfig } from '../src/config/schema.js';
import { slots } from '../src/config/slots.js';
import { AdapterFactory, Optimizer, Policy, Sampler, type Token } from '../src/contracts/index.js';
import { composeRun, type ComposeOptions, type Composition } from '../src/di/compose-run.js';
import { DoppioError } from '../src/errors/doppio-error.js';
import { definePlugin, type PartContext } from '../src/plugins/define-plugin.js';
import { PluginHost } from '../src/plugins/plugin-host.js';

export type Create = (context: PartContext, options: Readonly<Record<string, unknown>>) => unknown;

/** A host whose parts are made by the given functions: `[token, id, create]`. */
export function hostOf(...parts: readonly (readonly [Token<unknown>, string, Create])[]): PluginHost {
  const host = new PluginHost();
  host.add(
    definePlugin({
      id: 'test-parts',
      api: 1,
      register({ contribute }) {
        for (const [token, id, create] of parts) {
          contribute(token, {
            id,
            description: id,
            options: z.looseObject({}),
            create: (options, context) => create(context, options),
          });
        }
      },
    }),
  );
  return host;
}

/** A named thing with the one function of each contract that composition looks at, and nothing else of it. */
const methods = Object.fromEntries(Object.values(slots).map(({ method }) => [method, () => undefined]));
export const thing = (name: string, more: object = {}) => ({ id: name, ...methods, ...more });
export const base = [
  [Policy, 'onnx', () => thing('policy')],
  [AdapterFactory, 'lora', () => thing('adapter')],
  [Sampler, 'onnx', () => thing('sampler')],
  [Optimizer, 'grpo', () => thing('optimizer')],
] as const satisfies readonly (readonly [Token<unknown>, string, Create])[];

export function hostWith(...parts: readonly (readonly [Token<unknown>, string, Create])[]): PluginHost {
  const replaced = new Set(parts.map(([token, id]) => `${token.description}/${id}`));
  return hostOf(...base.filter(([token, id]) => !replaced.has(`${token.description}/${id}`)), ...parts);
}

export function config(written: DoppioConfig = {}): ResolvedConfig {
  return ConfigSchema.parse({ model: '/models/m', seed: 7, ...written });
}

export function compose(
  host: PluginHost,
  written: DoppioConfig = {},
  options: ComposeOptions = {},
): Promise<Composition> {
  return composeRun(host, config(written), options);
}

export async function failure(work: Promise<unknown>): Promise<DoppioError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!DoppioError.is(error)) throw new Error(`expected a DoppioError, got ${String(error)}`);
  return error;
}
