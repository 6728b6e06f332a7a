import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    const path = join(folder, name);
    if (entry.isDirectory())
      return name === 'node_modules' || name === 'dist' || name === 'test' ? [] : sources(path);
    return name.endsWith('.ts') && !name.includes('.test') ? [path] : [];
  });
}

it('docs/errors.md has every code that can be seen, and no other', () => {
  // Codes are the only string literals of this form, but for these.
  const others = new Set(['CAUSAL_LM', 'FORCE_COLOR', 'INIT_CWD', 'NO_COLOR']);
  const used = sources(join(root, 'packages')).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].map(([, code]) => code),
  );
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, code]) => code);
  expect(listed.sort()).toEqual([...new Set(used)].filter((code) => !others.has(code as string)).sort());
});
