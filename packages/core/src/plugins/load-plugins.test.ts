import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Reward, Tracker } from '../contracts/index.js';
import { DoppioError } from '../errors/doppio-error.js';
import { PluginHost } from './plugin-host.js';

let root: string;

/** A plugin in plain JavaScript, without any import, that contributes one tracker. */
function source(id: string, part: string): string {
  return `
    const options = { _zod: { def: { type: 'unknown' } }, safeParseAsync: async (data) => ({ success: true, data }) };
    const token = { description: 'Tracker', symbol: Symbol.for('@doppio/core/Tracker') };
    export default {
      id: ${JSON.stringify(id)}, api: 1,
      register({ contribute }) {
        contribute(token, { id: ${JSON.stringify(part)}, description: '', options, create: () => ({ id: 'x', onEvent() {} }) });
      },
    };`;
}

async function put(path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function load(names: readonly string[], from = 'project/config'): Promise<PluginHost> {
  const host = new PluginHost();
  await host.loadPlugins(names, { from: join(root, from), workspace: join(root, 'workspace') });
  return host;
}

async function failure(names: readonly string[], from?: string): Promise<DoppioError> {
  const error: unknown = await load(names, from).catch((thrown: unknown) => thrown);
  if (!DoppioError.is(error)) throw new Error(`expected a DoppioError, got ${String(error)}`);
  return error;
}

const ids = (host: PluginHost) => host.parts(Tracker).map(({ definition }) => definition.id);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'doppio-plugins-'));
  await put('project/config/local.mjs', source('local', 'local'));
  await put(
    'project/node_modules/by-name/package.json',
    '{"name":"by-name","type":"module","exports":{".":{"types":"./x.d.ts","import":"./entry.js"},"./extra":"./extra.js"}}',
  );
  await put('project/node_modules/by-name/entry.js', source('by-name', 'entry'));
  await put('project/node_modules/by-name/extra.js', source('by-name/extra', 'extra'));
  await put(
    'project/node_modules/@scope/main/package.json',
    '{"name":"@scope/main","type":"module","main":"lib/main.js"}',
  );
  await put('project/node_modules/@scope/main/lib/main.js', source('@scope/main', 'scoped'));
  await put(
    'workspace/node_modules/elsewhere/package.json',
    '{"name":"elsewhere","type":"module","exports":"./index.js"}',
  );
  await put('workspace/node_modules/elsewhere/index.js', source('elsewhere', 'elsewhere'));
  await put(
    'workspace/node_modules/by-name/package.json',
    '{"name":"by-name","type":"module","exports":"./index.js"}',
  );
  await put('workspace/node_modules/by-name/index.js', source('by-name', 'wrong-one'));
  await put('project/node_modules/unbuilt/package.json', '{"name":"unbuilt","exports":"./dist/index.js"}');
  await put(
    'project/node_modules/no-default/package.json',
    '{"name":"no-default","type":"module","exports":"./index.js"}',
  );
  await put('project/node_modules/no-default/index.js', 'export const plugin = {};');
  await put('project/config/throws.mjs', 'throw new Error("no GPU here");');
  await put('project/config/needs.mjs', 'import "not-installed-anywhere"; export default {};');
  await put(
    'project/config/typed.ts',
    `import { definePlugin, Reward, type RewardGroup } from '@doppio/core';
     import { options } from './typed-options.js';
     export default definePlugin({ id: 'typed', api: 1, register({ contribute }) {
       contribute(Reward, { id: 'typed', description: '', options,
         create: () => ({ id: 'typed', score: (group: RewardGroup) => group.completions.map(() => 1) }) });
     } });`,
  );
  await put(
    'project/config/typed-options.ts',
    `export const options: any = { _zod: { def: {} }, safeParseAsync: async (data: unknown) => ({ success: true, data }) };`,
  );
});

beforeAll(async () => {
  const manifest = {
    name: 'patterns',
    type: 'module',
    exports: {
      '.': './dist/index.js',
      './*': './dist/*.js',
      './hidden/*': null,
      './deep/*': './dist/x/*.js',
    },
  };
  await put('project/node_modules/patterns/package.json', JSON.stringify(manifest));
  await put('project/node_modules/patterns/dist/index.js', source('patterns', 'patterns'));
  await put('project/node_modules/patterns/dist/more.js', source('patterns', 'more'));
  await put('project/node_modules/patterns/dist/x/most.js', source('patterns', 'most'));
  await put('project/node_modules/patterns/dist/hidden/it.js', source('patterns', 'it'));
  await put('project/node_modules/built/package.json', '{"name":"built","main":"index.js"}');
  const built = `{ id: 'built', api: 1, register() {} }`;
  await put(
    'project/node_modules/built/index.js',
    `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${built};`,
  );
  await put('project/config/plain.cjs', `module.exports = ${built};`);
  await put('project/config/plain.cts', `module.exports = ${built} as object;`);
  await put('project/config/bare/index.js', source('bare', 'bare'));
  await put('project/config/broken.mjs', 'const fine = 1;\nexport default { = ;');
  await put('project/config/broken.ts', 'const fine: number = 1;\nexport default { = ;');
  await put('project/config/waits.mjs', 'await new Promise(() => {}); export default {};');
});

afterAll(() => rm(root, { recursive: true }));

describe('loadPlugins', () => {
  it('finds paths beside the configuration and packages above it', async () => {
    expect(ids(await load(['./local.mjs', 'by-name', 'by-name/extra', '@scope/main']))).toEqual([
      'local',
      'entry',
      'extra',
      'scoped',
    ]);
  });

  it('takes an absolute path, a file URL, a path without extension and a package folder', async () => {
    expect(ids(await load([join(root, 'project/config/local.mjs')]))).toEqual(['local']);
    expect(ids(await load([`file://${join(root, 'project/config/local.mjs')}`]))).toEqual(['local']);
    expect(ids(await load(['./local', '../node_modules/by-name']))).toEqual(['local', 'entry']);
  });

  it('looks in the workspace after the folder of the configuration', async () => {
    expect(ids(await load(['elsewhere', 'by-name']))).toEqual(['elsewhere', 'entry']);
  });

  it('loads TypeScript, which gets this very copy of @doppio/core', async () => {
    const host = await load(['./typed.ts']);
    expect(host.parts(Reward).map(({ definition }) => definition.id)).toEqual(['typed']);
    expect(host.parts(Reward)[0]?.token).toBe(Reward);
  });

  it('loads a plugin once that two names stand for', async () => {
    expect(ids(await load(['by-name', '../node_modules/by-name/entry.js']))).toEqual(['entry']);
  });

  it('follows the patterns of a package, and keeps to what it exports', async () => {
    expect(ids(await load(['patterns/more']))).toEqual(['more']);
    expect(ids(await load(['patterns/deep/most']))).toEqual(['most']);
    for (const name of ['patterns/hidden/it', 'patterns/../by-name/entry', 'patterns/none'])
      expect((await failure([name])).code).toBe('PLUGIN_NOT_FOUND');
    expect((await failure(['patterns/hidden/it'])).message).toContain('exports have no "./hidden/it"');
  });

  it('takes CommonJS, plain and built from ES modules, and such TypeScript', async () => {
    for (const name of ['built', './plain.cjs', './plain.cts'])
      expect((await load([name])).plugins).toEqual(['built']);
  });

  it.each([
    ['file://some-host/x.js', /file:\/\/\//],
    ['config/local.mjs', /correct the name, or write \.\/config\/local\.mjs/],
    ['local.mjs', /Write \.\/local\.mjs/],
    ['https://example.org/x.js', /Name a package, or a path/],
    ['C:\\plugins\\x.js', /Name a package, or a path/],
    [' ', /Name a package, or a path/],
    ['./bare', /Correct the path/],
  ])('gives advice on %j that does no harm', async (name, fix) => {
    const error = await failure([name]);
    expect(error.code).toBe('PLUGIN_NOT_FOUND');
    expect(error.facts.fix).toMatch(fix);
    expect(error.facts.fix).not.toMatch(/npm install/);
  });

  it('says why a folder is no plugin', async () => {
    expect((await failure(['./bare'])).message).toContain('bare (a folder without package.json)');
  });

  it.each(['broken.mjs', 'broken.ts'])('gives the line of a syntax error in %s', async (name) => {
    const error = await failure([`./${name}`]);
    expect(error.code).toBe('PLUGIN_INVALID');
    expect(error.facts.where).toBe(`${join(root, 'project/config', name)}:2`);
  });

  it('gives up on a plugin whose import never ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const failed = failure(['./waits.mjs']);
      // Until the import is under way, which takes the real time it takes.
      while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(60_000);
      expect((await failed).message).toMatch(/PLUGIN_INVALID[^]*waits\.mjs[^]*after 60 s/);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says where it looked for a package', async () => {
    const error = await failure(['no-such-package']);
    expect(error.code).toBe('PLUGIN_NOT_FOUND');
    expect(error.message).toContain(`node_modules of ${join(root, 'project/config')}`);
    expect(error.message).toContain(`node_modules of ${join(root, 'workspace')}`);
    expect(error.message).toContain('npm install no-such-package');
  });

  it('says where it looked for a path', async () => {
    const error = await failure(['./nothing']);
    expect(error.code).toBe('PLUGIN_NOT_FOUND');
    expect(error.message).toContain(join(root, 'project/config/nothing.ts'));
  });

  it('hints at a package that is not built', async () => {
    expect((await failure(['unbuilt'])).message).toContain('dist/index.js (is the package built?)');
  });

  it('names the file that has no default export', async () => {
    const error = await failure(['no-default']);
    expect(error.code).toBe('PLUGIN_INVALID');
    expect(error.facts.where).toContain('no-default/index.js');
    expect(error.message).toContain('no default export');
  });

  it('tells a plugin that fails on import from one that is not there', async () => {
    const throws = await failure(['./throws.mjs']);
    expect(throws.code).toBe('PLUGIN_INVALID');
    expect(throws.message).toContain('no GPU here');
    const needs = await failure(['./needs.mjs']);
    expect(needs.code).toBe('PLUGIN_INVALID');
    expect(needs.message).toContain('not-installed-anywhere');
  });

  it('loads what it can and reports all that failed', async () => {
    const host = new PluginHost();
    const names = ['./nothing', 'by-name', 'no-such-package'];
    const error: unknown = await host
      .loadPlugins(names, { from: join(root, 'project/config') })
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('2 of 3 plugins could not be loaded');
    expect(String(error)).toContain('"./nothing"');
    expect(String(error)).toContain('"no-such-package"');
    expect(ids(host)).toEqual(['entry']);
  });
});
