import { relative, resolve } from 'node:path';
import { DoppioError } from '@doppio/core';
import { firstError } from '../failure.js';
import { checkBareModel } from './bare-model.js';
import { findFiles } from './find-files.js';
import { readFixture } from './fixture.js';
import { checkers } from './table.js';
import { failure, type FileResult, type Outcome } from './tally.js';

/**
 * Compares this build with every file of golden numbers in a folder and its sub-folders. A file that is damaged or of
 * no known kind gives a result that has not passed; one that cannot be checked here says why in its note.
 * @throws DoppioError PARITY_FOLDER when there is no such folder, or nothing in it
 */
export async function checkFolder(folder: string): Promise<FileResult[]> {
  const { fixtures, bareModels, orphans } = await findFiles(folder);
  const results: FileResult[] = [];
  const add = async (path: string, check: () => Promise<Outcome> | Outcome): Promise<void> => {
    const file = relative(resolve(folder), path) || '.';
    try {
      results.push({ file, ...(await check()) });
    } catch (error) {
      results.push({ file, ...failure(describe(error)) });
    }
  };
  for (const path of fixtures) await add(path, () => checkFixture(path));
  for (const path of bareModels) await add(path, () => checkBareModel(path));
  for (const path of orphans)
    await add(path, () => failure('no cases.json or config.json beside it says what it is'));
  return results;
}

async function checkFixture(path: string): Promise<Outcome> {
  const fixture = await readFixture(path);
  const checker = checkers.find(({ recognises }) => recognises(fixture));
  if (checker === undefined) return failure('not a known kind of golden numbers');
  return checker.check(fixture);
}

/** One line: a table follows. */
function describe(thrown: unknown): string {
  const error = firstError(thrown);
  if (DoppioError.is(error))
    return `[${error.code}] ${error.facts.what}: ${(error.facts.seen ?? '').split('\n').slice(0, 3).join(' ')}`;
  const text = error instanceof Error ? error.message : String(error);
  return `damaged: ${text.replaceAll(/\s+/g, ' ').slice(0, 200)}`;
}
