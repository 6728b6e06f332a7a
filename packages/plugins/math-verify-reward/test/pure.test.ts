import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'/gu;

/** Every module that `entry` reaches, and what it imports that is no file of the package. */
async function reach(
  entry: URL,
): Promise<{ readonly files: ReadonlySet<string>; readonly foreign: readonly string[] }> {
  const files = new Set<string>();
  const foreign: string[] = [];
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file.href)) continue;
    files.add(file.href);
    for (const [, name = ''] of (await readFile(file, 'utf8')).matchAll(IMPORT)) {
      if (name.startsWith('.')) waiting.push(new URL(name.replace(/\.js$/u, '.ts'), file));
      else foreign.push(`${fileURLToPath(file)}: ${name}`);
    }
  }
  return { files, foreign };
}

describe('the functions behind @doppio/math-verify-reward/verify', () => {
  it('reach no module but their own, so that a browser or a worker can load them', async () => {
    const { files, foreign } = await reach(new URL('../src/verify.ts', import.meta.url));
    expect(foreign).toEqual([]);
    expect(files.size).toBeGreaterThan(50);
  });

  it('name nothing that only Node has, no clock and no chance', async () => {
    const { files } = await reach(new URL('../src/verify.ts', import.meta.url));
    for (const file of files) {
      const source = await readFile(new URL(file), 'utf8');
      expect(source, file).not.toMatch(
        /\b(?:process|Buffer|require)\b\.|Date\.now|performance\.now|Math\.random/u,
      );
    }
  });
});
