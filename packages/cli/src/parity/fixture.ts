import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { DoppioError } from '@doppio/core';
import { readJsonObject } from '@doppio/models';
import type { Outcome } from './tally.js';

/** A JSON file of golden numbers. */
export interface Fixture {
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** What the file says about itself and how it is to be compared. */
  readonly about: string;
}

/** Knows one kind of file. */
export interface Checker {
  readonly kind: string;
  /** By content, or by name where the content is damaged. */
  readonly recognises: (fixture: Fixture) => boolean;
  /** What it throws is reported with the file's name. */
  readonly check: (fixture: Fixture) => Promise<Outcome> | Outcome;
}

export async function readFixture(path: string): Promise<Fixture> {
  const json = await readJsonObject(path, 'PARITY_FILE');
  const about = json['about'];
  return {
    path,
    folder: dirname(path),
    name: basename(path),
    json,
    about: typeof about === 'string' ? about : '',
  };
}

/** The list under `key`. @throws DoppioError PARITY_FILE when it is none, or empty */
export function listOf<Item>({ json, path }: Fixture, key: string): readonly Item[] {
  const value = json[key];
  if (Array.isArray(value) && value.length > 0) return value as readonly Item[];
  throw new DoppioError('PARITY_FILE', {
    what: `golden numbers need a list ${key} that is not empty`,
    where: path,
    seen: value === undefined ? 'none' : JSON.stringify(value).slice(0, 60),
    fix: 'fetch the file again',
  });
}

/** Whether the first of `cases` has all keys. */
export function casesHave({ json }: Fixture, ...keys: readonly string[]): boolean {
  const first: unknown = Array.isArray(json['cases']) ? json['cases'][0] : undefined;
  return typeof first === 'object' && first !== null && keys.every((key) => key in first);
}

/** Folders of tokenizers in a folder `models` beside the file or any folder above it. */
export async function tokenizerFolders(fixture: Fixture): Promise<readonly string[]> {
  const found: string[] = [];
  let above = resolve(fixture.folder);
  while (above !== dirname(above)) {
    const models = join(above, 'models');
    const names = await readdir(models).catch(() => []);
    found.push(
      ...names
        .map((name) => join(models, name))
        .filter((folder) => existsSync(join(folder, 'tokenizer.json'))),
    );
    above = dirname(above);
  }
  return found;
}
