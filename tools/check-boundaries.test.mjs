/**
 * The import rules of eslint.config.js really bite: files that break them are linted as if they lay in a package
 * (nothing is written), and each must be reported. Run by `npm run boundaries`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const boundaries = '@nx/enforce-module-boundaries';
const restricted = 'no-restricted-imports';

let eslint;

/** Names of the import rules that `code` breaks when it stands at `path` (from the repository root). */
async function broken(path, code) {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  const fatal = result.messages.find((message) => message.fatal);
  assert.equal(fatal, undefined, `${path} does not parse: ${fatal?.message}`);
  return result.messages
    .map((message) => message.ruleId)
    .filter((rule) => rule === boundaries || rule === restricted || rule === 'no-restricted-syntax');
}

const imports = (name) => `import * as other from '${name}';\nexport const seen = other;\n`;

const forbidden = [
  ['core on graph', 'packages/core/src/probe.ts', '@doppio/graph', boundaries],
  ['core on a plugin', 'packages/core/src/probe.ts', '@doppio/trackers', boundaries],
  ['graph on runtime', 'packages/graph/src/probe.ts', '@doppio/runtime', boundaries],
  ['runtime on models', 'packages/runtime/src/probe.ts', '@doppio/models', boundaries],
  ['models on testing', 'packages/models/src/probe.ts', '@doppio/testing', boundaries],
  ['testing on a plugin', 'packages/testing/src/probe.ts', '@doppio/trackers', boundaries],
  ['a plugin on another', 'packages/plugins/trackers/src/probe.ts', '@doppio/lora-adapter', boundaries],
  ['a plugin on the command line', 'packages/plugins/trackers/src/probe.ts', '@doppio/cli', boundaries],
  ['a preset on a plugin', 'packages/plugins/nano-preset/src/probe.ts', '@doppio/grpo-optimizer', boundaries],
  [
    'another package by path',
    'packages/plugins/trackers/src/probe.ts',
    '../../../graph/src/index.js',
    boundaries,
  ],
  ['the runtime library', 'packages/models/src/probe.ts', 'onnxruntime-node', restricted],
  ['the runtime library in core', 'packages/core/src/probe.ts', 'onnxruntime-node', restricted],
  [
    'a file of the runtime library',
    'packages/cli/src/probe.ts',
    'onnxruntime-node/dist/index.js',
    restricted,
  ],
  ['the container', 'packages/cli/src/probe.ts', 'inversify', restricted],
  ['the container in runtime', 'packages/runtime/src/probe.ts', 'tsyringe', restricted],
];

const allowed = [
  ['graph on core', 'packages/graph/src/probe.ts', '@doppio/core'],
  ['testing on models', 'packages/testing/src/probe.ts', '@doppio/models'],
  ['a plugin on models', 'packages/plugins/onnx-policy/src/probe.ts', '@doppio/models'],
  ['a preset on core', 'packages/plugins/nano-preset/src/probe.ts', '@doppio/core'],
  ['the command line on a plugin', 'packages/cli/src/probe.ts', '@doppio/trackers'],
  ["a plugin's test on another", 'packages/plugins/trackers/src/probe.test.ts', '@doppio/lora-adapter'],
  ['runtime on its library', 'packages/runtime/src/probe.ts', 'onnxruntime-node'],
  ['core on the container', 'packages/core/src/probe.ts', 'inversify'],
];

describe('import boundaries', () => {
  before(() => {
    // The boundary rule reads nx's cached project graph and silently does nothing without one.
    execFileSync(process.execPath, [join(root, 'node_modules/.bin/nx'), 'show', 'projects'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    eslint = new ESLint({ cwd: root });
  });

  for (const [what, path, name, rule] of forbidden) {
    it(`reports ${what}`, async () => assert.ok((await broken(path, imports(name))).includes(rule)));
  }

  it('reports a dynamic import of the runtime library', async () => {
    const code = `export const library = await import('onnxruntime-node');\n`;
    assert.deepEqual(await broken('packages/models/src/probe.ts', code), ['no-restricted-syntax']);
    assert.deepEqual(await broken('packages/runtime/src/probe.ts', code), []);
  });

  for (const [what, path, name] of allowed) {
    it(`allows ${what}`, async () => assert.deepEqual(await broken(path, imports(name)), []));
  }
});
