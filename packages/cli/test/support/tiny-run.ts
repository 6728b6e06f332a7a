import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nanoModel } from '@doppio/nano-preset';
import { afterAll } from 'vitest';

export const model = nanoModel;
/** Plugin with the parts that these tests need. */
export const testParts = fileURLToPath(new URL('../parts/plugin.ts', import.meta.url));

/** Flags of a training run of the bundled model that takes a second or two. */
export function tinyRun(out: string, ...set: readonly string[]): string[] {
  return [
    ...['train', '--preset', 'nano', '--out', out],
    ...sets(
      'training.steps=6',
      'training.promptsPerStep=2',
      'training.groupSize=4',
      'training.checkpointEvery=2',
      'benchmarks.0.options.problems=20',
      `plugins=${JSON.stringify([testParts])}`,
      // Whatever the model knows: equal rewards would leave nothing to train on.
      'rewards=["arithmetic-answer","hash"]',
      'trackers=["console","signal"]',
      ...set,
    ),
  ];
}

export function sets(...expressions: readonly string[]): string[] {
  return expressions.flatMap((expression) => ['--set', expression]);
}

/** A folder for the tests of one file; deleted at their end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doppio-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function readJson(...path: readonly string[]): unknown {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

/** Events of a run; every line must be one JSON object. */
export function readEvents(run: string): Record<string, unknown>[] {
  const lines = readFileSync(join(run, 'events.jsonl'), 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export const adapterBytes = (run: string): Buffer =>
  readFileSync(join(run, 'adapter', 'adapter_model.safetensors'));
