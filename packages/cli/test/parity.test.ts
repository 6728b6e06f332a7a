import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFolder } from '../src/parity/check-folder.js';

const golden = fileURLToPath(new URL('../../../golden/', import.meta.url));
/** More of them, of other seeds; whole updates, tokenizers and chat templates too. Not part of the repository. */
const shared = fileURLToPath(new URL('../../../../shared/fixtures/', import.meta.url));

describe('parity with golden numbers', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doppio-parity-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('holds for every file of the repository', async () => {
    const results = await checkFolder(golden);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(18);
    for (const { worst, limit } of results) expect(worst).toBeLessThanOrEqual(limit);
  }, 120_000);

  it.skipIf(!existsSync(shared)).each([
    ['numeric', 14],
    ['text', 6],
  ])(
    'holds for every file of the shared %s (skipped without ../shared)',
    async (name, least) => {
      const results = await checkFolder(join(shared, name));
      expect(results.filter(({ passed }) => !passed)).toEqual([]);
      expect(results.length).toBeGreaterThanOrEqual(least);
      for (const { worst, limit } of results) expect(worst).toBeLessThanOrEqual(limit);
    },
    120_000,
  );

  it.skipIf(!existsSync(shared))(
    'notes what this build cannot check (skipped without ../shared)',
    async () => {
      const results = await checkFolder(join(shared, 'models'));
      expect(results).toEqual([
        expect.objectContaining({ passed: true, note: expect.stringContaining('GGUF') as string }),
      ]);
    },
  );

  interface Damage {
    readonly file: string;
    readonly replace: (text: string) => string;
  }
  /** Adds 1 to the number that follows `key`. */
  const raise = (key: RegExp) => (text: string) =>
    text.replace(
      new RegExp(`(${key.source})(-?[\\d.]+(?:e-?\\d+)?)`),
      (_, before: string, value: string) => before + String(Number(value) + 1),
    );

  it.each<Damage>([
    { file: 'numeric/grpo-losses.json', replace: raise(/"loss": */) },
    { file: 'numeric/advantages.json', replace: raise(/"advantages": *\[\s*/) },
    { file: 'numeric/adamw.json', replace: raise(/"grad_norm": */) },
    { file: 'text/schedules.json', replace: raise(/"multipliers": *\[\s*/) },
    { file: 'text/sampling.json', replace: raise(/"probs": *\[\s*/) },
    { file: 'text/rewards.json', replace: raise(/"reasoning_steps": *\[\s*/) },
    { file: 'text/rewards.json', replace: raise(/"accuracy": *\[\s*/) },
    { file: 'numeric/advantages.json', replace: (text) => text.slice(0, text.length / 2) },
    { file: 'numeric/adamw.json', replace: () => '{"about":"","cases":[]}' },
    { file: 'text/sampling.json', replace: () => '{"about":"of another kind","cases":[{}]}' },
  ])('names $file when it is altered', async ({ file, replace }) => {
    const place = await mkdtemp(join(folder, 'altered-'));
    const text = await readFile(join(golden, file), 'utf8');
    const altered = replace(text);
    expect(altered).not.toBe(text);
    await mkdir(dirname(join(place, file)), { recursive: true });
    await writeFile(join(place, file), altered);
    await cp(join(golden, 'numeric/adamw.json'), join(place, 'intact.json'));
    const results = await checkFolder(place);
    expect(results).toHaveLength(2);
    expect(results.filter(({ passed }) => !passed).map((result) => result.file)).toEqual([file]);
  });

  it.each([
    ['a loss', raise(/"loss": */)],
    ['an advantage', raise(/"advantages": *\[\s*/)],
    ['a learning rate', (text: string) => text.replace('"lr": 0.001', '"lr": 0.002')],
  ])('names whole updates with %s altered', async (_, alter) => {
    const place = await mkdtemp(join(folder, 'steps-'));
    await cp(join(golden, 'numeric/models/tiny-qwen2'), join(place, 'models/tiny-qwen2'), {
      recursive: true,
    });
    await cp(join(golden, 'numeric/grpo-steps'), join(place, 'grpo-steps'), { recursive: true });
    const file = join(place, 'grpo-steps/cases.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, alter(text));
    expect(alter(text)).not.toBe(text);
    const results = await checkFolder(place);
    expect(results.filter(({ passed }) => !passed).map((result) => result.file)).toEqual([
      'grpo-steps/cases.json',
    ]);
  });

  it('names a model whose numbers are altered', async () => {
    const place = await mkdtemp(join(folder, 'models-'));
    const models = join(place, 'models');
    await cp(join(golden, 'numeric/models/tiny-llama'), join(models, 'tiny-llama'), { recursive: true });
    const file = join(models, 'tiny-llama/cases.json');
    await writeFile(file, raise(/"completion": *\[\s*/)(await readFile(file, 'utf8')), { flag: 'w' });
    await writeFile(join(models, 'expected.safetensors'), 'x');
    const results = await checkFolder(place);
    expect(results.filter(({ passed }) => !passed).map((result) => result.file)).toEqual([
      'models/tiny-llama/cases.json',
      'models/expected.safetensors',
    ]);
    expect(results.find(({ passed }) => passed)?.file).toBe('models/tiny-llama/lora/cases.json');
  });

  it('names a file of no known kind', async () => {
    const place = await mkdtemp(join(folder, 'unknown-'));
    await writeFile(join(place, 'recipes.json'), '{"about":"soup","cases":[{"salt":1}]}');
    expect(await checkFolder(place)).toEqual([
      {
        file: 'recipes.json',
        worst: Infinity,
        limit: 0,
        passed: false,
        note: 'not a known kind of golden numbers',
      },
    ]);
  });

  it.skipIf(!existsSync(shared))('leaves tokenizers out that are nowhere near the folder', async () => {
    const place = await mkdtemp(join(folder, 'text-'));
    await cp(join(shared, 'text/tokenizer-qwen.json'), join(place, 'tokenizer-qwen.json'));
    expect((await checkFolder(place))[0]?.note).toBe('skipped: tokenizer not found');
  });
});

it('refuses a folder that holds nothing to compare', async () => {
  const place = await mkdtemp(join(tmpdir(), 'doppio-empty-'));
  await writeFile(join(place, 'notes.txt'), 'nothing');
  await expect(checkFolder(place)).rejects.toMatchObject({ code: 'PARITY_FOLDER', facts: { where: place } });
  await rm(place, { recursive: true });
});

it('refuses a folder that does not exist', async () => {
  await expect(checkFolder('/no/such/folder')).rejects.toMatchObject({ code: 'PARITY_FOLDER' });
});
