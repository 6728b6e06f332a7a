import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRecords } from './read-records.js';

const folder = mkdtempSync(join(tmpdir(), 'doppio-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function recordsOf(text: string): Promise<[where: string, found: unknown][]> {
  const file = join(folder, 'records');
  writeFileSync(file, text);
  const found: [string, unknown][] = [];
  for await (const record of readRecords(file))
    found.push([record.where.slice(file.length), 'value' in record ? record.value : record.problem]);
  return found;
}

describe('readRecords', () => {
  it.each<[string, string, [string, unknown][]]>([
    [
      'lines',
      '{"a":1}\n{"a":2}\n',
      [
        [':1', { a: 1 }],
        [':2', { a: 2 }],
      ],
    ],
    [
      'lines of Windows, with a mark of byte order',
      '\uFEFF{"a":1}\r\n{"a":2}',
      [
        [':1', { a: 1 }],
        [':2', { a: 2 }],
      ],
    ],
    [
      'empty lines, which it counts',
      '\n{"a":1}\n\n  \n{"a":2}\n',
      [
        [':2', { a: 1 }],
        [':5', { a: 2 }],
      ],
    ],
    [
      'an array over several lines',
      '\n[{"a":1},\n {"a":2}\n]\n',
      [
        ['[0]', { a: 1 }],
        ['[1]', { a: 2 }],
      ],
    ],
    ['nothing', '', []],
    [
      'what is no object',
      '{"a":1}\n7\n[1]\n',
      [
        [':1', { a: 1 }],
        [':2', 'not a JSON object'],
        [':3', 'not a JSON object'],
      ],
    ],
  ])('reads %s', async (_, text, expected) => {
    expect(await recordsOf(text)).toEqual(expected);
  });

  it('goes on after a line that is no JSON', async () => {
    const found = await recordsOf('{"a":1}\n{"a":\n{"a":3}\n');
    expect(found.map(([where]) => where)).toEqual([':1', ':2', ':3']);
    expect(found[1]?.[1]).toMatch(/^no JSON \(/);
  });

  it.each([
    ['a file that is not there', join(folder, 'none'), /ENOENT/],
    ['a folder', folder, /EISDIR/],
  ])('says that it cannot read %s', async (_, file, seen) => {
    const reading = readRecords(file).next();
    await expect(reading).rejects.toMatchObject({
      code: 'CLI_FILE',
      facts: { where: file, seen: expect.stringMatching(seen) as string },
    });
  });

  it('says that an array is damaged', async () => {
    await expect(recordsOf('[{"a":1},\n')).rejects.toMatchObject({ code: 'CLI_FILE' });
  });
});
