import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DoppioError } from '@doppio/core';

/** What is to be checked in a folder. Paths are absolute. */
export interface FoundFiles {
  /** JSON files of golden numbers, known or not. */
  readonly fixtures: readonly string[];
  /** Model folders without golden numbers of their own: they are read, and compared with the model they copy. */
  readonly bareModels: readonly string[];
  /** Files that belong to nothing. */
  readonly orphans: readonly string[];
}

/** Read together with the golden numbers beside them. */
const companions =
  /^(config|adapter_config|generation_config|tokenizer|tokenizer_config|model\.safetensors\.index)\.json$/;
const weights = /^(model|adapter_model|model-\d+-of-\d+)\.safetensors$/;

/** Searches a folder and its sub-folders. @throws DoppioError PARITY_FOLDER where there is none, or nothing in it */
export async function findFiles(folder: string): Promise<FoundFiles> {
  const root = resolve(folder);
  const found = await stat(root).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new DoppioError('PARITY_FOLDER', {
      what: 'there is no folder of golden numbers',
      where: root,
      seen: found === undefined ? 'no such folder' : 'not a folder',
      fix: 'check the path',
    });
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const beside = (path: string, name: string): boolean => files.includes(join(dirname(path), name));
  const fixtures = files.filter((path) => path.endsWith('.json') && !companions.test(basename(path)));
  const belongs = (path: string): boolean => {
    const name = basename(path);
    if (name === 'expected.safetensors') return beside(path, 'cases.json');
    if (name === 'adapter_model.safetensors') return beside(path, 'cases.json');
    return weights.test(name) ? beside(path, 'config.json') : beside(path, 'cases.json');
  };
  if (!files.some((path) => /\.(json|safetensors)$/.test(path)))
    throw new DoppioError('PARITY_FOLDER', {
      what: 'the folder holds no golden numbers',
      where: root,
      seen: `${String(files.length)} files, none of them .json or .safetensors`,
      fix: 'name the folder that holds them, or one above it',
    });
  return {
    fixtures,
    bareModels: files
      .filter((path) => basename(path) === 'config.json' && !beside(path, 'cases.json'))
      .map(dirname),
    orphans: files.filter((path) => path.endsWith('.safetensors') && !belongs(path)),
  };
}
