/**
 * Checks what `npm publish` would send: packs every publishable package, then runs publint (files, exports, bin) and
 * attw (types as an ESM consumer resolves them) on the tarball. One line per package; exit status 1 on any problem.
 * Needs a build. Run by `npm run check:packages`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');

const folders = ['packages', 'packages/plugins']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
  .filter(({ manifest }) => manifest.private !== true);

/** Problems of the package that `npm pack` makes of `folder`, as lines of text. */
async function problems(folder, manifest, scratch) {
  if (!existsSync(join(folder, 'dist'))) return ['not built: run npm run build'];
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  const [packed] = JSON.parse(
    execFileSync('npm', pack, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const tarball = join(scratch, packed.filename);
  const bytes = readFileSync(tarball);
  const { messages } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  const found = messages.map((message) => formatMessage(message, manifest));
  // A package of nothing but a command has no types to get wrong.
  if (manifest.exports === undefined) return found;
  try {
    execFileSync(process.execPath, [attw, tarball, '--profile', 'esm-only', '--no-color'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    found.push(`${error.stdout}${error.stderr}`.trim());
  }
  return found;
}

const scratch = mkdtempSync(join(tmpdir(), 'doppio-packages-'));
let wrong = 0;
try {
  for (const { folder, manifest } of folders) {
    const found = await problems(folder, manifest, scratch);
    if (found.length > 0) wrong += 1;
    process.stdout.write(`${found.length === 0 ? 'ok   ' : 'WRONG'} ${manifest.name}\n`);
    for (const line of found) process.stdout.write(`      ${line}\n`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`${String(folders.length - wrong)} packages as they should be, ${String(wrong)} not\n`);
process.exitCode = wrong === 0 ? 0 : 1;
