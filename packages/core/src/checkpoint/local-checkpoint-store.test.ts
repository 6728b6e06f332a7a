import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/temporary-folder.js';
import type { CheckpointState } from '../contracts/checkpoint.js';
import { LocalCheckpointStore } from './local-checkpoint-store.js';
import { temporaryFolder } from './temporary-folders.js';

const folder = temporaryFolders();

function stateAt(step: number, value = step): CheckpointState {
  return {
    step,
    cursor: { epoch: 1, row: 3 * step },
    tensors: new Map([
      ['parameter/a', { shape: [2, 3], data: new Float32Array(6).fill(value) }],
      ['optimizer/a', { shape: [1], data: Float32Array.of(value / 2) }],
    ]),
    progress: { tokens: 100 * step },
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const names = (run: string): string[] => readdirSync(join(run, 'checkpoints')).sort();

async function saved(
  steps: readonly number[],
  keep = 3,
): Promise<{ run: string; store: LocalCheckpointStore }> {
  const run = folder();
  const store = new LocalCheckpointStore(run, { keep });
  for (const step of steps) await store.save(stateAt(step));
  return { run, store };
}

describe('LocalCheckpointStore', () => {
  it('gives back exactly what was saved: every bit of NaN, -0, subnormals, and numbers that JSON lacks', async () => {
    const bits = Uint32Array.of(0x7fc00001, 0xffc12345, 0x80000000, 1, 0x7f800000, 0xff800000, 0x3f800001, 0);
    const state: CheckpointState = {
      step: 7,
      cursor: { epoch: 2, row: 11 },
      tensors: new Map([
        ['parameter/odd "näme"', { shape: [2, 4], data: new Float32Array(bits.buffer) }],
        ['optimizer/scalar', { shape: [], data: Float32Array.of(0.1) }],
        ['optimizer/none', { shape: [0, 5], data: new Float32Array(0) }],
      ]),
      progress: { best: -Infinity, loss: Number.NaN, zero: -0, nested: [{ a: null }, 0.1 + 0.2], text: 'x' },
    };
    const run = folder();
    await new LocalCheckpointStore(run).save(state);
    const { state: back, skipped } = await new LocalCheckpointStore(run).latest();
    expect(skipped).toEqual([]);
    expect({ ...back, tensors: undefined }).toStrictEqual({ ...state, tensors: undefined });
    expect([...(back?.tensors.keys() ?? [])]).toEqual([...state.tensors.keys()]);
    for (const [name, value] of state.tensors) {
      const read = back?.tensors.get(name) as typeof value;
      expect(read.shape).toEqual(value.shape);
      expect(bytesOf(read.data)).toEqual(bytesOf(value.data));
    }
  });

  it('saves views into larger buffers', async () => {
    const data = Float32Array.of(0, 1, 2, 3, 4, 5).subarray(2, 4);
    const run = folder();
    const store = new LocalCheckpointStore(run);
    await store.save({ ...stateAt(1), tensors: new Map([['t', { shape: [2], data }]]) });
    expect([...((await store.latest()).state?.tensors.get('t')?.data ?? [])]).toEqual([2, 3]);
  });

  it('writes a safetensors file with a manifest that sha256sum agrees with', async () => {
    const { run } = await saved([10]);
    const path = join(run, 'checkpoints', 'step-000010');
    expect(readdirSync(path).sort()).toEqual(['manifest.json', 'state.json', 'tensors.safetensors']);
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as {
      files: Record<string, { bytes: number; sha256: string }>;
    };
    for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
      expect(readFileSync(join(path, name)).length).toBe(bytes);
      if (process.platform === 'linux')
        expect(execFileSync('sha256sum', [join(path, name)]).toString()).toContain(sha256);
    }
    const file = readFileSync(join(path, 'tensors.safetensors'));
    const headerLength = Number(file.readBigUInt64LE(0));
    expect(headerLength % 8).toBe(0);
    expect(JSON.parse(file.subarray(8, 8 + headerLength).toString())).toEqual({
      'parameter/a': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      'optimizer/a': { dtype: 'F32', shape: [1], data_offsets: [24, 28] },
    });
  });

  it('has none before the first save', async () => {
    expect(await new LocalCheckpointStore(folder()).latest()).toEqual({ state: undefined, skipped: [] });
  });

  it('keeps the newest ones only', async () => {
    const { run } = await saved([1, 2, 3, 4, 1_000_000], 2);
    expect(names(run)).toEqual(['step-000004', 'step-1000000']);
    expect((await new LocalCheckpointStore(run).latest()).state?.step).toBe(1_000_000);
  });

  it('replaces a checkpoint of the same step', async () => {
    const { run, store } = await saved([5], 1);
    await store.save(stateAt(5, 42));
    expect((await store.latest()).state?.tensors.get('parameter/a')?.data[0]).toBe(42);
    expect(names(run)).toEqual(['step-000005']);
  });

  it('saves one after the other when asked at once', async () => {
    const { store, run } = await saved([]);
    await Promise.all([1, 2, 3].map((step) => store.save(stateAt(step))));
    expect(names(run)).toHaveLength(3);
    expect((await store.latest()).state?.step).toBe(3);
  });

  describe('goes back to the next older one where the newest', () => {
    it.each<[string, (path: string) => void, RegExp]>([
      ['lacks its manifest', (path) => rmSync(join(path, 'manifest.json')), /manifest\.json is missing/],
      [
        'has a torn manifest',
        (path) => truncateSync(join(path, 'manifest.json'), 40),
        /manifest\.json is not JSON/,
      ],
      [
        'has an empty manifest',
        (path) => writeFileSync(join(path, 'manifest.json'), '{}'),
        /format undefined/,
      ],
      [
        'is of a later format',
        (path) => writeFileSync(join(path, 'manifest.json'), '{"format": 2}'),
        /format 2.*reads 1/,
      ],
      [
        'lacks its tensors',
        (path) => rmSync(join(path, 'tensors.safetensors')),
        /tensors\.safetensors is missing/,
      ],
      [
        'has torn tensors',
        (path) => truncateSync(join(path, 'tensors.safetensors'), 90),
        /tensors\.safetensors has 90 bytes/,
      ],
      [
        'has an altered bit',
        (path) => flipLastByte(join(path, 'tensors.safetensors')),
        /SHA-256 of tensors\.safetensors/,
      ],
      ['has an altered state', (path) => flipLastByte(join(path, 'state.json')), /SHA-256 of state\.json/],
      [
        'has something appended',
        (path) => appendFileSync(join(path, 'state.json'), ' '),
        /state\.json has .* bytes/,
      ],
      [
        'is an empty folder',
        (path) => {
          rmSync(path, { recursive: true });
          mkdirSync(path);
        },
        /manifest\.json is missing/,
      ],
      [
        'is a file',
        (path) => {
          rmSync(path, { recursive: true });
          writeFileSync(path, '');
        },
        /ENOTDIR/,
      ],
    ])('%s', async (_, damage, reason) => {
      const { run, store } = await saved([1, 2, 3]);
      const path = join(run, 'checkpoints', 'step-000003');
      damage(path);
      const { state, skipped } = await store.latest();
      expect(state).toEqual(stateAt(2));
      expect(skipped).toHaveLength(1);
      expect(skipped[0]?.path).toBe(path);
      expect(skipped[0]?.reason).toMatch(reason);
    });

    it('is a copy of another step', async () => {
      const { run, store } = await saved([1, 2]);
      renameSync(join(run, 'checkpoints', 'step-000002'), join(run, 'checkpoints', 'step-000009'));
      const { state, skipped } = await store.latest();
      expect(state?.step).toBe(1);
      expect(skipped[0]?.reason).toMatch(/named for step 9, but holds step 2/);
    });
  });

  it('takes no folder for a checkpoint whose name it would not give', async () => {
    const { run, store } = await saved([1, 2], 2);
    const others = ['step-0000009', 'step-99999999999999999999', 'step-abc', 'step-9', 'step-000003.bak'];
    for (const name of others) cpSync(store.pathOf(1), join(run, 'checkpoints', name), { recursive: true });
    expect(await store.latest()).toMatchObject({ state: { step: 2 }, skipped: [] });
    await store.save(stateAt(3));
    expect(names(run)).toEqual(['step-000002', 'step-000003', ...others].sort());
  });

  /** Writes other contents and a manifest that agrees with them. */
  function forge(path: string, name: string, content: Uint8Array): void {
    writeFileSync(join(path, name), content);
    const file = join(path, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { files: Record<string, object> };
    const sha256 = createHash('sha256').update(content).digest('hex');
    manifest.files[name] = { bytes: content.length, sha256 };
    writeFileSync(file, JSON.stringify(manifest));
  }

  function tensorFile(header: unknown, length?: bigint): Buffer {
    const json = Buffer.from(JSON.stringify(header));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(length ?? BigInt(json.length));
    return Buffer.concat([size, json, Buffer.alloc(16)]);
  }

  it.each<[string, string, Buffer, RegExp]>([
    ['a header without end', 'tensors.safetensors', tensorFile({}, 2n ** 60n), /beyond the end of the file/],
    ['too few bytes', 'tensors.safetensors', Buffer.alloc(7), /7 bytes are too few/],
    [
      'a tensor beyond the end',
      'tensors.safetensors',
      tensorFile({ t: { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] } }),
      /"t" of shape \[1099511627776\] has the bytes 0 to 4398046511104 of 16/,
    ],
    [
      'a negative shape',
      'tensors.safetensors',
      tensorFile({ t: { dtype: 'F32', shape: [-2, -2], data_offsets: [0, 16] } }),
      /"t" has no shape and place/,
    ],
    ['no tensor at all', 'tensors.safetensors', tensorFile({ t: null }), /"t" is undefined, not F32/],
    ['another state', 'state.json', Buffer.from('null'), /state\.json holds no cursor/],
    [
      'a cursor before the start',
      'state.json',
      Buffer.from('{"format":1,"step":2,"cursor":{"epoch":0,"row":-1},"progress":{}}'),
      /state\.json holds no cursor/,
    ],
  ])('believes no manifest that agrees with %s', async (_, name, content, reason) => {
    const { store } = await saved([1, 2]);
    forge(store.pathOf(2), name, content);
    const { state, skipped } = await store.latest();
    expect(state?.step).toBe(1);
    expect(skipped[0]?.reason).toMatch(reason);
  });

  it('gives progress back that looks like its own way of writing numbers', async () => {
    const run = folder();
    const store = new LocalCheckpointStore(run);
    const progress = {
      a: { $number: 'x' },
      b: { $number: 'NaN' },
      c: { $number: Number.NaN },
      d: { $$number: { $number: -0 } },
      e: { $number: 1, more: 2 },
    };
    await store.save({ ...stateAt(1), progress });
    expect((await store.latest()).state?.progress).toStrictEqual(progress);
  });

  it('stops saving and reading when aborted, and leaves nothing of it behind', async () => {
    const { run, store } = await saved([1]);
    const reason = new Error('stop at once');
    await expect(store.save(stateAt(2), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(store.latest(AbortSignal.abort(reason))).rejects.toBe(reason);
    // Also in the middle: 64 MiB are written in several pieces.
    const stop = new AbortController();
    const size = 2 ** 24 + 2 ** 22;
    const tensors = new Map([['t', { shape: [size], data: new Float32Array(size) }]]);
    const saving = store.save({ ...stateAt(3), tensors }, stop.signal);
    setTimeout(() => stop.abort(reason), 5);
    await expect(saving).rejects.toBe(reason);
    expect(names(run)).toEqual(['step-000001']);
    await store.save(stateAt(4));
    expect((await store.latest()).state?.step).toBe(4);
  });

  it('names every damaged one where none is intact', async () => {
    const { run, store } = await saved([1, 2]);
    for (const name of names(run)) rmSync(join(run, 'checkpoints', name, 'state.json'));
    const { state, skipped } = await store.latest();
    expect(state).toBeUndefined();
    expect(skipped.map(({ path }) => path.slice(-1))).toEqual(['2', '1']);
  });

  it('never deletes the only intact checkpoint in favour of damaged newer ones', async () => {
    const { run, store } = await saved([10, 20], 1);
    rmSync(join(run, 'checkpoints', 'step-000020', 'state.json'));
    await store.save(stateAt(11));
    expect(names(run)).toEqual(['step-000011']);
    expect((await store.latest()).state?.step).toBe(11);
  });

  describe('after a kill', () => {
    /** No process of the system has this id. */
    const deadPid = 2 ** 22 + 1;
    const leave = (run: string, from: string, use: string, step = from): void =>
      renameSync(
        join(run, 'checkpoints', from),
        join(run, 'checkpoints', `.${step}.${use}.${deadPid}-1-abcd`),
      );

    it('clears half-written and half-deleted folders away', async () => {
      const { run, store } = await saved([1, 2, 3]);
      rmSync(join(run, 'checkpoints', 'step-000003', 'manifest.json'));
      leave(run, 'step-000003', 'new');
      leave(run, 'step-000001', 'drop');
      expect((await store.latest()).state?.step).toBe(2);
      expect(names(run)).toEqual(['step-000002']);
    });

    it('finishes a replacement that was between its two renames, with the new one', async () => {
      const { run, store } = await saved([5]);
      const checkpoints = join(run, 'checkpoints');
      cpSync(store.pathOf(5), join(run, 'copy'), { recursive: true });
      await store.save(stateAt(5, 42));
      leave(run, 'step-000005', 'new');
      renameSync(join(run, 'copy'), join(checkpoints, `.step-000005.old.${deadPid}-1-abcd`));
      expect((await store.latest()).skipped).toEqual([]);
      expect((await store.latest()).state?.tensors.get('parameter/a')?.data[0]).toBe(42);
      expect(names(run)).toEqual(['step-000005']);
    });

    it('leaves the folders of living processes alone', async () => {
      const { run, store } = await saved([1]);
      const alive = `.step-000002.new.${process.ppid}--abcd`;
      const own = temporaryFolder(3, 'new');
      for (const name of [alive, own]) mkdirSync(join(run, 'checkpoints', name));
      await store.latest();
      expect(names(run)).toEqual(expect.arrayContaining([alive, own]));
    });

    // As in a container, where the process that goes on has the id that the killed one had.
    it.runIf(process.platform === 'linux')('knows a killed process whose id another one has', async () => {
      const { run, store } = await saved([1, 2]);
      const earlier = (pid: number): string => `${pid}-1-abcd`;
      mkdirSync(join(run, 'checkpoints', `.step-000003.new.${earlier(process.pid)}`));
      mkdirSync(join(run, 'checkpoints', `.step-000003.new.${earlier(process.ppid)}`));
      renameSync(store.pathOf(2), join(run, 'checkpoints', `.step-000002.old.${earlier(process.pid)}`));
      expect((await store.latest()).state?.step).toBe(2);
      expect(names(run)).toEqual(['step-000001', 'step-000002']);
    });
  });

  it.each<[string, Partial<CheckpointState>, RegExp]>([
    ['a fractional step', { step: 1.5 }, /step 1\.5/],
    [
      'a tensor of another size than its shape',
      { tensors: new Map([['t', { shape: [2], data: new Float32Array(3) }]]) },
      /"t" of shape \[2\] with 3/,
    ],
    [
      'a reserved name',
      { tensors: new Map([['__metadata__', { shape: [0], data: new Float32Array(0) }]]) },
      /__metadata__/,
    ],
  ])('refuses %s', async (_, change, message) => {
    const run = folder();
    const save = new LocalCheckpointStore(run).save({ ...stateAt(1), ...change });
    await expect(save).rejects.toMatchObject({
      code: 'CHECKPOINT_STATE',
      message: expect.stringMatching(message) as string,
    });
    expect(existsSync(join(run, 'checkpoints'))).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to keep %d checkpoints', (keep) => {
    expect(() => new LocalCheckpointStore('x', { keep })).toThrow(/CHECKPOINT_OPTIONS/);
  });

  it('says what is in the way where the folder cannot be made', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    await expect(new LocalCheckpointStore(file).save(stateAt(1))).rejects.toMatchObject({
      code: 'CHECKPOINT_WRITE',
      facts: {
        where: join(file, 'checkpoints', 'step-000001'),
        seen: expect.stringContaining('ENOTDIR') as string,
        fix: expect.stringContaining('is a file') as string,
      },
    });
  });
});

function flipLastByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 2]! ^= 1;
  writeFileSync(path, bytes);
}
