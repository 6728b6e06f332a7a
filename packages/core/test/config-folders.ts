import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { loadConfig, type LoadConfigOptions } from '../src/config/load-config.js';
import type { Preset } from '../src/config/schema.js';
import { DoppioError } from '../src/errors/doppio-error.js';

type Files = Readonly<Record<string, string>>;

/** Folders with files of configuration, deleted after the tests of the file that asks for them. */
export function configFolders() {
  let root: string;
  let next = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'doppio-config-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  /** A fresh folder with these files. */
  const folder = async (files: Files): Promise<string> => {
    const directory = join(root, String(next++));
    await mkdir(directory);
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return directory;
  };
  const load = async (files: Files, options: LoadConfigOptions = {}) => {
    const cwd = await folder(files);
    return { cwd, ...(await loadConfig({ cwd, ...options })) };
  };
  const failure = async (files: Files, options: LoadConfigOptions = {}): Promise<DoppioError> => {
    const error: unknown = await load(files, options).catch((thrown: unknown) => thrown);
    if (!DoppioError.is(error)) throw new Error(`expected a DoppioError, got ${JSON.stringify(error)}`);
    return error;
  };
  return { folder, load, failure };
}

export const nano: Preset = {
  name: 'nano',
  description: 'Small',
  config: {
    model: '/models/nano',
    adapter: { use: 'lora', options: { rank: 16, alpha: 32 } },
    rewards: ['accuracy', { use: 'format', weight: 0.5 }],
    training: { steps: 200, sampling: { maxTokens: 48 } },
  },
};
export const minimal = '{"model": "/m"}';
