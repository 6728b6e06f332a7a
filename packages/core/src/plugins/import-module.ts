import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);

/**
 * Imports a module file, TypeScript too. What such a file imports as `@doppio/core` is this very copy, wherever the
 * file lies: a configuration outside of a project works with a globally installed command.
 */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  if (!TYPESCRIPT.has(extname(file))) {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  }
  const core: unknown = await import('../index.js');
  const jiti = createJiti(file, {
    fsCache: false,
    interopDefault: false,
    virtualModules: { '@doppio/core': core },
  });
  return await jiti.import<Record<string, unknown>>(file);
}
