import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/temporary-folder.js';
import { TEMPORARY_FILE, writeFileAtomic } from './atomic-file.js';

const folder = temporaryFolders();

describe('writeFileAtomic', () => {
  it('writes and replaces text and bytes, and leaves nothing else', async () => {
    const directory = folder();
    const path = join(directory, 'a.json');
    await writeFileAtomic(path, 'first');
    await writeFileAtomic(path, Uint8Array.of(0, 255));
    expect([...readFileSync(path)]).toEqual([0, 255]);
    expect(readdirSync(directory)).toEqual(['a.json']);
  });

  it('is never seen half-written by a reader', async () => {
    const path = join(folder(), 'a');
    const versions = ['a', 'b'].map((letter) => letter.repeat(300_000));
    await writeFileAtomic(path, versions[0] as string);
    let done = false;
    const writer = (async () => {
      for (let i = 0; i < 20; i += 1) await writeFileAtomic(path, versions[i % 2] as string);
      done = true;
    })();
    while (!done) {
      expect(versions).toContain(readFileSync(path, 'utf8'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writer;
  });

  it('cleans up when the rename fails', async () => {
    const directory = folder();
    mkdirSync(join(directory, 'a', 'b'), { recursive: true });
    await expect(writeFileAtomic(join(directory, 'a'), 'x')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
    expect(readdirSync(directory)).toEqual(['a']);
    await expect(writeFileAtomic(join(directory, 'none', 'x'), 'x')).rejects.toThrow(/ENOENT/);
  });

  it('names its temporary files so that they can be found', () => {
    expect(TEMPORARY_FILE.test('.a.json.0b0e7a3c-6a0f-4a53-9f57-0f1e6c1d2b3a.tmp')).toBe(true);
    expect(TEMPORARY_FILE.test('.env.tmp')).toBe(false);
  });
});
