import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from './checkpoint.js';
import { readSafetensors, SafetensorsFile } from './safetensors-file.js';
import { writeSafetensors, type TensorToWrite } from './write-safetensors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doppio-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file with the given header text (or bytes) and data. */
function raw(header: string | Uint8Array, dataBytes = 0, declared?: bigint): Buffer {
  const json = Buffer.from(header);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(declared ?? BigInt(json.length));
  return Buffer.concat([prefix, json, Buffer.alloc(dataBytes)]);
}

const entry = (dtype: string, shape: unknown, from: unknown, to: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: [from, to] });

describe('broken files', () => {
  const cases: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
    'no bytes': [Buffer.alloc(0), /too short/],
    'five bytes': [Buffer.alloc(5), /too short/],
    'header longer than the file': [raw('{}', 0, 500n), /header reaches beyond the end/],
    'header over 100 MB': [raw('{}', 0, 100_000_001n), /longer than 100 MB/],
    'header length near 2^64': [raw('{}', 0, 0xffff_ffff_ffff_ffffn), /longer than 100 MB/],
    'no JSON': [raw('{"a": '), /not valid JSON/],
    'a list': [raw('[]'), /does not start with \{/],
    'not UTF-8': [raw(new Uint8Array([0x7b, 0xff, 0x7d])), /not UTF-8/],
    'an HTML page': [Buffer.from('<!DOCTYPE html><html>not found</html>'), /longer than 100 MB/],
    'entry is a number': [raw('{"a":1}'), /must be an object/],
    'entry is null': [raw('{"a":null}'), /must be an object/],
    'unknown dtype': [raw(`{"a":${entry('Q4', [1], 0, 4)}}`, 4), /unknown dtype[\s\S]*Q4/],
    'dtype of a prototype': [raw(`{"a":${entry('toString', [1], 0, 4)}}`, 4), /unknown dtype/],
    'no shape': [raw('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), /shape must be/],
    'negative size': [raw(`{"a":${entry('F32', [-1], 0, 4)}}`, 4), /shape must be/],
    'fractional size': [raw(`{"a":${entry('F32', [1.5], 0, 6)}}`, 6), /shape must be/],
    'overflowing shape': [raw(`{"a":${entry('F32', [2 ** 40, 2 ** 40], 0, 4)}}`, 4), /takes .* bytes/],
    'wrong byte count': [raw(`{"a":${entry('F16', [3], 0, 12)}}`, 12), /takes 6 bytes, the offsets give 12/],
    'offsets backwards': [raw(`{"a":${entry('F32', [1], 4, 0)}}`, 4), /end before they start/],
    'one offset': [raw('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 4), /two non-negative/],
    'offsets as text': [raw(`{"a":${entry('F32', [1], '0', '4')}}`, 4), /two non-negative/],
    'beyond the end': [raw(`{"a":${entry('F32', [4], 0, 16)}}`, 8), /beyond the end/],
    'bytes left over': [raw(`{"a":${entry('F32', [1], 0, 4)}}`, 8), /bytes follow/],
    'a gap': [raw(`{"a":${entry('F32', [1], 4, 8)}}`, 8), /unused bytes/],
    overlap: [
      raw(`{"a":${entry('F32', [2], 0, 8)},"b":${entry('F32', [1], 4, 8)}}`, 8),
      /overlap those of "a"/,
    ],
    'the same name twice': [
      raw(`{"a":${entry('F32', [1], 0, 4)},"\\u0061":${entry('F32', [1], 4, 8)}}`, 8),
      /a name twice[\s\S]*"a"/,
    ],
    'the same key twice in an entry': [
      raw('{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4),
      /a name twice[\s\S]*"dtype"/,
    ],
    'a name of __proto__': [raw(`{"__proto__":${entry('F32', [1], 0, 4)}}`, 4), /may not have this name/],
    'a dtype nested without end': [
      raw(`{"a":{"dtype":${'['.repeat(1e5)}${']'.repeat(1e5)},"shape":[1],"data_offsets":[0,4]}}`, 4),
      /unknown dtype[\s\S]*nested too deeply/,
    ],
    'a shape of a thousand axes': [
      raw(`{"a":${entry('F32', new Array<number>(1000).fill(9), 0, 4)}}`, 4),
      /9,9\.\.\. of F32 takes/,
    ],
    'metadata of numbers': [raw('{"__metadata__":{"a":1}}'), /strings to strings/],
  };

  it.each(Object.entries(cases))('%s', async (name, [bytes, message]) => {
    const path = join(folder, 'broken.safetensors');
    await writeFile(path, bytes);
    const error: unknown = await readSafetensors(path).catch((e: unknown) => e);
    expect(error, name).toMatchObject({
      code: 'SAFETENSORS_INVALID',
      message: expect.stringMatching(message) as string,
    });
    expect(String(error)).toContain(path);
    expect(String(error)).toContain('fix:');
  });

  it('every cut of a good file is refused', async () => {
    const path = join(folder, 'whole.safetensors');
    await writeSafetensors(path, new Map([['a', { shape: [3], data: new Float32Array([1, 2, 3]) }]]));
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length));
      await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
    }
  });

  it.skipIf(process.platform === 'win32')('a pipe is refused, not waited for', async () => {
    const pipe = join(folder, 'pipe.safetensors');
    execFileSync('mkfifo', [pipe]);
    await expect(SafetensorsFile.open(pipe)).rejects.toThrow(/SAFETENSORS_INVALID[\s\S]*not a regular file/);
  });

  it('a folder, a missing file and integers read as floats are named', async () => {
    await expect(SafetensorsFile.open(folder)).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
    await expect(SafetensorsFile.open(join(folder, 'none'))).rejects.toThrow(/ENOENT/);
    const path = join(folder, 'integers.safetensors');
    await writeFile(path, raw(`{"ids":${entry('I64', [1], 0, 8)}}`, 8));
    await using file = await SafetensorsFile.open(path);
    await expect(file.read('ids')).rejects.toThrow(/"ids"[\s\S]*I64/);
    await expect(file.read('other')).rejects.toThrow(/no such tensor/);
  });
});

describe('files written and read', () => {
  it('keeps values, shapes and metadata, and aligns the header', async () => {
    const path = join(folder, 'good.safetensors');
    const tensors = new Map<string, TensorToWrite>([
      ['z', { shape: [2, 2], data: new Float32Array([1, -2, 3.5, 1e-30]) }],
      ['constructor', { shape: [], data: new Float32Array([7]) }],
      ['empty', { shape: [0, 4], data: new Float32Array(0) }],
      ['half', { shape: [2], data: () => new Float32Array([0.1, -65504]), dtype: 'F16' }],
      ['brain', { shape: [2], data: new Float32Array([0.1, 1e38]), dtype: 'BF16' }],
      ['double', { shape: [1], data: new Float32Array([0.25]), dtype: 'F64' }],
    ]);
    await writeSafetensors(path, tensors, { metadata: { format: 'pt', note: 'ünïcode "quoted"' } });
    expect((await readFile(path)).readBigUInt64LE() % 8n).toBe(0n);
    const read = await readSafetensors(path);
    expect(read.metadata).toEqual({ format: 'pt', note: 'ünïcode "quoted"' });
    expect([...read.tensors.keys()]).toEqual(['double', 'constructor', 'empty', 'z', 'brain', 'half']);
    expect(read.tensors.get('z')).toEqual({ shape: [2, 2], data: new Float32Array([1, -2, 3.5, 1e-30]) });
    expect(read.tensors.get('constructor')).toEqual({ shape: [], data: new Float32Array([7]) });
    expect(read.tensors.get('half')?.data).toEqual(new Float32Array([0.0999755859375, -65504]));
    expect(read.tensors.get('brain')?.data[0]).toBe(0.10009765625);
    expect(read.tensors.get('double')?.data).toEqual(new Float32Array([0.25]));
  });

  it('reads tensors that are larger than one chunk', async () => {
    const path = join(folder, 'large.safetensors');
    const data = Float32Array.from({ length: 2_500_000 }, (_, i) => i % 251);
    const tensors = new Map<string, TensorToWrite>([
      ['f32', { shape: [data.length], data }],
      ['f16', { shape: [data.length], data, dtype: 'F16' }],
    ]);
    await writeSafetensors(path, tensors);
    const read = await readSafetensors(path);
    for (const name of ['f32', 'f16']) {
      expect(read.tensors.get(name)?.data.every((value, i) => value === i % 251)).toBe(true);
    }
  });

  it('leaves the old file and no temporary one when writing fails', async () => {
    const place = join(folder, 'atomic');
    await mkdir(place);
    const path = join(place, 'model.safetensors');
    const good = new Map([['a', { shape: [1], data: new Float32Array([1]) }]]);
    await writeSafetensors(path, good);
    const wrong = new Map([['a', { shape: [2], data: new Float32Array([1]) }]]);
    await expect(writeSafetensors(path, wrong)).rejects.toMatchObject({ code: 'SAFETENSORS_INVALID' });
    const large = new Map([['a', { shape: [1], data: new Float32Array([70_000]), dtype: 'F16' as const }]]);
    await expect(writeSafetensors(path, large)).rejects.toThrow(/too large for F16[\s\S]*70000/);
    expect((await readSafetensors(path)).tensors.get('a')?.data).toEqual(new Float32Array([1]));
    expect(await readdir(place)).toEqual(['model.safetensors']);
  });
});

describe('sharded checkpoints', () => {
  let number = 0;
  /** A folder with shards a and b, one tensor each, and the index given. */
  async function sharded(index: string | Record<string, unknown>): Promise<string> {
    const place = join(folder, `shards-${String((number += 1))}`);
    await mkdir(place);
    for (const [i, name] of ['a', 'b'].entries()) {
      const tensors = new Map([[name, { shape: [1], data: new Float32Array([i + 1]) }]]);
      await writeSafetensors(join(place, `${name}.safetensors`), tensors);
    }
    const text = typeof index === 'string' ? index : JSON.stringify({ weight_map: index });
    await writeFile(join(place, 'model.safetensors.index.json'), text);
    return place;
  }

  it('reads tensors of all shards', async () => {
    await using checkpoint = await openCheckpoint(await sharded({ a: 'a.safetensors', b: 'b.safetensors' }));
    expect((await checkpoint.read('b')).data).toEqual(new Float32Array([2]));
    expect([...checkpoint.tensors.keys()].sort()).toEqual(['a', 'b']);
  });

  const refused: readonly (readonly [string, string | Record<string, unknown>, RegExp])[] = [
    ['a parent folder', { a: '../shards-1/a.safetensors' }, /outside of the folder/],
    ['a parent folder by backslash', { a: '..\\a.safetensors' }, /outside of the folder/],
    ['an absolute path', { a: '/etc/passwd' }, /outside of the folder/],
    ['a drive', { a: 'C:\\model.safetensors' }, /outside of the folder/],
    ['a missing shard', { a: 'a.safetensors', b: 'c.safetensors' }, /missing[\s\S]*c\.safetensors/],
    ['a tensor not in its shard', { a: 'b.safetensors' }, /listed but not[\s\S]*a \(b\.safetensors\)/],
    ['a number as file name', { a: 1 }, /non-empty string/],
    ['an empty list', {}, /lists no tensors/],
    ['a map nested without end', `{"weight_map":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, /nested too deeply/],
    ['no weight_map', '{}', /weight_map/],
    ['broken JSON', '{"weight_map"', /valid JSON/],
    ['a name twice', '{"weight_map":{"a":"a.safetensors","a":"b.safetensors"}}', /listed twice/],
  ];
  it.each(refused)('refuses %s', async (_, index, message) => {
    await expect(openCheckpoint(await sharded(index))).rejects.toMatchObject({
      code: 'SAFETENSORS_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses a folder in the place of the index', async () => {
    const place = join(folder, 'index-folder');
    await mkdir(join(place, 'model.safetensors.index.json'), { recursive: true });
    await expect(openCheckpoint(place)).rejects.toMatchObject({
      code: 'SAFETENSORS_INVALID',
      message: expect.stringMatching(/not a regular file/) as string,
    });
  });

  it('refuses a tensor stored in two shards and a shard linked from elsewhere', async () => {
    const place = await sharded({ a: 'a.safetensors', b: 'b.safetensors' });
    const both = new Map(
      ['a', 'b'].map((name) => [name, { shape: [1], data: new Float32Array(1) }] as const),
    );
    await writeSafetensors(join(place, 'b.safetensors'), both);
    await expect(openCheckpoint(place)).rejects.toThrow(/stored twice/);
    const linked = await sharded({ a: 'link.safetensors' });
    await symlink(join(place, 'a.safetensors'), join(linked, 'link.safetensors'));
    await expect(openCheckpoint(linked)).rejects.toThrow(/link to outside/);
  });

  it('follows the links of a Hugging Face cache', async () => {
    const cache = join(folder, 'models--x');
    const snapshot = join(cache, 'snapshots/abc');
    await mkdir(join(cache, 'blobs'), { recursive: true });
    await mkdir(snapshot, { recursive: true });
    await writeSafetensors(
      join(cache, 'blobs/1'),
      new Map([['a', { shape: [1], data: new Float32Array([3]) }]]),
    );
    await symlink('../../blobs/1', join(snapshot, 'a.safetensors'));
    await writeFile(join(snapshot, 'model.safetensors.index.json'), '{"weight_map":{"a":"a.safetensors"}}');
    await using checkpoint = await openCheckpoint(snapshot);
    expect((await checkpoint.read('a')).data).toEqual(new Float32Array([3]));
  });
});
