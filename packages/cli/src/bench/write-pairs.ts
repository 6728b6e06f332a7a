import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { benchPairs } from './verify-pairs.js';

/** Writes the pairs of the benchmark, one JSON object per line. */
export async function writePairs(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, benchPairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
}
