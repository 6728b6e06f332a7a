import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { DoppioError } from '@doppio/core';
import { parseJsonObject, readTextIfPresent } from '../files/read-json.js';
import { showJson } from '../files/show-json.js';
import { findDuplicateKey } from './duplicate-keys.js';
import type { TensorInfo } from './header.js';
import { invalid } from './invalid.js';
import { SafetensorsFile, type Tensor } from './safetensors-file.js';

/** The weights of a model folder, in one file or several; tensors are read one at a time. */
export interface Checkpoint extends AsyncDisposable {
  readonly folder: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** @throws DoppioError SAFETENSORS_INVALID */
  readonly read: (name: string) => Promise<Tensor>;
  readonly close: () => Promise<void>;
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names.
 * @throws DoppioError SAFETENSORS_INVALID naming shards that are missing or lie outside of the folder, tensors
 *   that are listed but absent or stored twice; WEIGHTS_MISSING when the folder has neither file
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const single = join(folder, SINGLE);
  if (existsSync(single)) return joinFiles(folder, [await SafetensorsFile.open(single)]);
  const index = join(folder, INDEX);
  if (!existsSync(index)) {
    throw new DoppioError('WEIGHTS_MISSING', {
      what: 'the folder holds no safetensors weights',
      where: folder,
      seen: `neither ${SINGLE} nor ${INDEX}`,
      fix: 'check the path; convert .bin or .gguf weights to safetensors',
    });
  }
  const listed = await readIndex(index);
  const shards = [...new Set(listed.values())].sort();
  for (const shard of shards) await checkInside(folder, shard, index);
  const missing = shards.filter((shard) => !existsSync(join(folder, shard)));
  if (missing.length > 0) throw invalid(index, 'shards are missing', shorten(missing));
  const files: SafetensorsFile[] = [];
  try {
    for (const shard of shards) files.push(await SafetensorsFile.open(join(folder, shard)));
    checkListed(listed, new Map(shards.map((shard, i) => [shard, files[i] as SafetensorsFile])), index);
    return joinFiles(folder, files);
  } catch (error) {
    for (const file of files) await file.close();
    throw error;
  }
}

/** Tensor name to shard name. */
async function readIndex(path: string): Promise<ReadonlyMap<string, string>> {
  const text = (await readTextIfPresent(path, 'SAFETENSORS_INVALID')) ?? '';
  const { weight_map: weightMap } = parseJsonObject(text, path, 'SAFETENSORS_INVALID');
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    throw invalid(path, 'weight_map must map tensor names to file names', showJson(weightMap));
  }
  const duplicate = findDuplicateKey(text, 2);
  if (duplicate !== undefined) throw invalid(path, 'a name is listed twice', showJson(duplicate));
  const entries = Object.entries(weightMap as Record<string, unknown>);
  if (entries.length === 0) throw invalid(path, 'weight_map lists no tensors');
  for (const [name, shard] of entries) {
    if (typeof shard !== 'string' || shard === '' || shard.includes('\0')) {
      throw invalid(path, 'a file name must be a non-empty string', showJson(shard), name);
    }
  }
  return new Map(entries as [string, string][]);
}

/** An index comes from elsewhere: it may name files of its own folder only. */
async function checkInside(folder: string, shard: string, index: string): Promise<void> {
  const parts = shard.split(/[\\/]/);
  if (isAbsolute(shard) || /^[A-Za-z]:/.test(shard) || parts.includes('..')) {
    throw invalid(index, 'a shard lies outside of the folder', shard);
  }
  if (!existsSync(join(folder, shard))) return;
  const root = await realpath(folder);
  const real = await realpath(join(folder, shard));
  // The Hugging Face cache keeps snapshots/<revision>/<file> as links to blobs/<hash>, and only there.
  const allowed = basename(dirname(root)) === 'snapshots' ? [root, join(root, '..', '..', 'blobs')] : [root];
  if (!allowed.some((directory) => real.startsWith(directory + sep))) {
    throw invalid(index, 'a shard is a link to outside of the folder', `${shard} -> ${real}`);
  }
}

function checkListed(
  listed: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, SafetensorsFile>,
  index: string,
): void {
  const absent = [...listed].filter(([name, shard]) => files.get(shard)?.tensors.has(name) !== true);
  if (absent.length > 0) {
    const seen = absent.map(([name, shard]) => `${name} (${shard})`);
    throw invalid(index, 'tensors are listed but not in their shard', shorten(seen));
  }
}

function joinFiles(folder: string, files: readonly SafetensorsFile[]): Checkpoint {
  const owners = new Map<string, SafetensorsFile>();
  const tensors = new Map<string, TensorInfo>();
  for (const file of files) {
    for (const [name, info] of file.tensors) {
      const other = owners.get(name);
      if (other !== undefined) {
        throw invalid(
          file.path,
          `a tensor is stored twice, also in ${basename(other.path)}`,
          undefined,
          name,
        );
      }
      owners.set(name, file);
      tensors.set(name, info);
    }
  }
  const close = async (): Promise<void> => {
    for (const file of files) await file.close();
  };
  return {
    folder,
    tensors,
    read: async (name) => {
      const owner = owners.get(name);
      if (owner === undefined) throw invalid(folder, 'there is no such tensor', undefined, name);
      return owner.read(name);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function shorten(items: readonly string[]): string {
  const shown = items.slice(0, 8).join(', ');
  return items.length > 8 ? `${shown} and ${String(items.length - 8)} more` : shown;
}
