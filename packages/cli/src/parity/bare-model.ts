import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { loadModelWeights } from '@doppio/models';
import { skipped, Tally, type Outcome } from './tally.js';

/** What rounding to bfloat16 may change, relative to each value: half a unit of 8 significant bits. */
const BF16 = 2 ** -8;

/** Reads a model without golden numbers; if its name continues a neighbour's (`tiny-bf16` of `tiny`), compares the weights. */
export async function checkBareModel(folder: string): Promise<Outcome> {
  const copy = await loadModelWeights(folder);
  const parent = dirname(folder);
  const original = (await readdir(parent))
    .filter((name) => name !== basename(folder) && basename(folder).startsWith(`${name}-`))
    .filter((name) => existsSync(join(parent, name, 'config.json')))
    .sort((a, b) => b.length - a.length)[0];
  if (original === undefined) return skipped('weights were read; there is nothing to compare them with');
  const { tensors } = await loadModelWeights(join(parent, original));
  const tally = new Tally();
  for (const [name, { data }] of copy.tensors) {
    const expected = tensors.get(name)?.data;
    let worst = expected?.length === data.length ? 0 : Infinity;
    expected?.forEach((value, i) => {
      const error = Math.abs((data[i] as number) - value);
      worst = Math.max(worst, error === 0 ? 0 : error / Math.abs(value));
    });
    tally.add(name, worst, BF16);
  }
  tally.note(`compared with ${original} rounded to bfloat16`);
  return tally.outcome();
}
