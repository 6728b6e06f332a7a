import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { doppio } from './support/run-doppio.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const root = join(folder, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'doppio-published-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A project beside which nothing of this repository lies, with the built package and what it needs installed. */
function installed(): string {
  const name = '@doppio-examples/third-party-reward';
  const modules = join(scratch, 'node_modules');
  const target = join(modules, name);
  const { resolve } = createRequire(import.meta.url);
  const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc');
  // Types are checked with those of the whole repository, where no package has to be built for it.
  const build = [tsc, '-p', folder, '--outDir', join(target, 'dist'), '--noCheck'];
  execFileSync(process.execPath, build, { stdio: 'inherit' });
  cpSync(join(folder, 'package.json'), join(target, 'package.json'));
  mkdirSync(join(modules, '@doppio'));
  symlinkSync(join(root, 'packages/core'), join(modules, '@doppio/core'), 'dir');
  symlinkSync(dirname(resolve('zod/package.json')), join(modules, 'zod'), 'dir');
  for (const file of ['doppio.config.ts', 'installed.config.ts'])
    cpSync(join(folder, file), join(scratch, file));
  return scratch;
}

describe('the published package', () => {
  it('is found by its name', async () => {
    const project = installed();
    const out = join(scratch, 'run');
    const model = `model=${join(root, 'packages/plugins/nano-preset/model')}`;
    const sets = [model, 'training.steps=1', 'training.promptsPerStep=2', 'evaluation.before=false'];
    const flags = [...sets, 'evaluation.after=false'].flatMap((set) => ['--set', set]);
    const ended = await doppio(project, 'train', '--config', 'installed.config.ts', '--out', out, ...flags);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const config = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')) as { plugins: string[] };
    expect(config.plugins).toEqual(['@doppio-examples/third-party-reward']);
    expect(readFileSync(join(out, 'events.jsonl'), 'utf8')).toMatch(/"brevity":/);
  });
});

const page = join(root, 'docs/writing-a-reward.md');

// A copy of this folder elsewhere has no such page.
describe.skipIf(!existsSync(page))('docs/writing-a-reward.md', () => {
  const blocks = (language: string): readonly (string | undefined)[] =>
    [...readFileSync(page, 'utf8').matchAll(/^```(.*)\n([^]*?)^```$/gm)]
      .filter((block) => block[1] === language)
      .map((block) => block[2]);

  it.each(['src/index.ts', 'doppio.config.ts'])('shows %s as it is', (file) => {
    expect(blocks('ts')).toContain(readFileSync(join(folder, file), 'utf8'));
  });

  it('shows the error for a wrong option as it is', async () => {
    const wrong = readFileSync(join(folder, 'doppio.config.ts'), 'utf8')
      .replace('tokens: 30', 'tokns: 30')
      .replace('./src/index.ts', join(folder, 'src/index.ts'))
      .replace('../../packages', join(root, 'packages'));
    const home = join(scratch, 'brevity');
    mkdirSync(home);
    writeFileSync(join(home, 'doppio.config.ts'), wrong);
    const { stderr } = await doppio(home, 'train');
    expect(blocks('')).toContain(stderr.replaceAll(realpathSync(home), '/home/me/brevity'));
  });
});
