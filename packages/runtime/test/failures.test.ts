import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuntimeHost } from '../src/index.js';
import type { HostTensor, RuntimeHost, Session } from '../src/index.js';
import { product } from './models.js';

const matrix = (rows: number, columns: number): HostTensor => ({
  dtype: 'float32',
  shape: [rows, columns],
  data: new Float32Array(rows * columns).fill(1),
});

let host: RuntimeHost;
let strict: Session;
let loose: Session;
beforeAll(async () => {
  host = await createRuntimeHost({ name: 'failing', threads: 1 });
  strict = await host.createSession(product(), { name: 'strict' });
  loose = await host.createSession(product('k'), { name: 'loose' });
});
afterAll(async () => {
  await host.dispose();
});

describe('a run that fails', () => {
  const failed = {
    code: 'RUNTIME_RUN_FAILED',
    message: expect.stringMatching(
      /session loose\n.*MatMul.*; fed a float32 \[4, 2\], b float32 \[5, 3\]/s,
    ) as string,
    cause: expect.objectContaining({ message: expect.stringContaining('MatMul') as string }) as object,
  };

  it('names the session, the fed shapes and the reason', async () => {
    const run = loose.run({ a: matrix(4, 2), b: matrix(5, 3) }, { read: ['y'] });
    await expect(run.read).rejects.toMatchObject(failed);
  });

  it('makes every later use of its tensors fail the same way, and nothing else', async () => {
    const first = loose.run({ a: matrix(4, 2), b: matrix(5, 3) }, { keep: ['y'] });
    const second = strict.run({ a: matrix(1, 2), b: first.kept.y }, { keep: ['y'] });
    const third = strict.run({ a: matrix(1, 2), b: second.kept.y }, { read: ['y'] });
    await expect(third.read).rejects.toMatchObject(failed);
    await expect(host.read(first.kept.y)).rejects.toMatchObject(failed);
    await expect(host.read(second.kept.y, { dispose: true })).rejects.toMatchObject(failed);
    first.kept.y.dispose();
    const fine = strict.run({ a: matrix(1, 2), b: matrix(2, 3) }, { read: ['y'] });
    expect((await fine.read).y.data).toEqual(Float32Array.of(2, 2, 2));
    const { liveRefs, sessions } = await host.statistics();
    expect(liveRefs).toBe(0);
    expect(sessions['loose']?.failedRuns).toBeGreaterThan(0);
  });

  it('may be ignored without an unhandled rejection', async () => {
    const seen: unknown[] = [];
    const note = (error: unknown): void => void seen.push(error);
    process.on('unhandledRejection', note);
    loose.run({ a: matrix(4, 2), b: matrix(5, 3) }, { keep: ['y'] }).kept.y.dispose();
    await host.statistics();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(seen).toEqual([]);
  });
});

describe('a bad feed', () => {
  const good = { a: matrix(4, 2), b: matrix(2, 3) };
  const disposed = (): ReturnType<RuntimeHost['upload']> => {
    const ref = host.upload(good.b);
    ref.dispose();
    return ref;
  };

  it.each([
    ['missing', { a: good.a }, /input is missing[^]*session strict, input b[^]*fed a/],
    ['unknown', { ...good, c: good.a }, /no such input[^]*input c[^]*a, b/],
    [
      'of wrong dtype',
      { ...good, b: { dtype: 'int32', shape: [2, 3], data: new Int32Array(6) } as const },
      /wrong dtype[^]*input b[^]*int32 \[2, 3\], the model wants float32 \[2, 3\]/,
    ],
    ['of wrong rank', { ...good, a: { ...good.a, shape: [8] } }, /wrong rank[^]*input a/],
    ['of wrong extent', { ...good, b: matrix(3, 3) }, /wrong extent of axis 0[^]*input b/],
    [
      'of wrong length',
      { ...good, a: { ...good.a, shape: [5, 2] } },
      /malformed[^]*input a[^]*needs 10 elements, data has 8/,
    ],
    [
      'of wrong array type',
      { ...good, a: { ...good.a, data: new Int32Array(8) } },
      /input a[^]*must be a Float32Array, not Int32Array/,
    ],
    [
      'without a shape',
      { ...good, a: { dtype: 'float32', data: new Float32Array(8) } as unknown as HostTensor },
      /malformed[^]*input a[^]*must have dtype, shape and data/,
    ],
    ['that is a number', { ...good, a: 3 as unknown as HostTensor }, /unusable[^]*input a/],
    ['that is null', { ...good, a: null as unknown as HostTensor }, /unusable[^]*input a/],
  ])('%s is thrown at once', (_, feeds, message) => {
    expect(() => strict.run(feeds, { read: ['y'] })).toThrow(message);
    expect(() => strict.run(feeds, { read: ['y'] })).toThrow(
      expect.objectContaining({ code: 'RUNTIME_FEED_INVALID' }),
    );
  });

  it('that was disposed is thrown at once', () => {
    expect(() => strict.run({ ...good, b: disposed() }, { read: ['y'] })).toThrow(
      /unusable tensor[^]*session strict, input b[^]*uploaded float32 \[2, 3\] was disposed/,
    );
  });

  it('that is a ref is found in the worker, and fails what depends on it', async () => {
    using ref = host.upload(matrix(3, 3));
    const run = strict.run({ ...good, b: ref }, { keep: ['y'] });
    const invalid = {
      code: 'RUNTIME_FEED_INVALID',
      message: expect.stringMatching(
        /wrong extent of axis 0[^]*session strict, input b[^]*\[3, 3\]/,
      ) as string,
    };
    await expect(run.read).rejects.toMatchObject(invalid);
    await expect(host.read(run.kept.y)).rejects.toMatchObject(invalid);
  });
});

describe('bad outputs', () => {
  const feeds = { a: matrix(4, 2), b: matrix(2, 3) };
  it.each([
    ['unknown', { read: ['q'] }, /unknown output[^]*q[^]*outputs y/],
    ['none', {}, /without outputs/],
    ['empty lists', { keep: [], read: [] }, /without outputs/],
  ])('%s', (_, outputs, message) => {
    expect(() => strict.run(feeds, outputs)).toThrow(message);
  });
});

describe('bad uploads and options', () => {
  it.each([
    [{ dtype: 'float32', shape: [-1], data: new Float32Array(1) } as const, {}, /extent -1/],
    [
      { dtype: 'float64', shape: [1], data: new Float64Array(1) } as unknown as HostTensor,
      {},
      /dtype float64/,
    ],
    [{ dtype: 'float32', data: new Float32Array(1) } as unknown as HostTensor, {}, /must have dtype, shape/],
    [null as unknown as HostTensor, {}, /must have dtype, shape and data, and is object/],
    [
      { dtype: 'float32', shape: [1], data: new Float32Array(2).subarray(1) } as const,
      { transfer: true },
      /larger buffer/,
    ],
    [
      { dtype: 'float32', shape: [1], data: new Float32Array(new SharedArrayBuffer(4)) } as const,
      { transfer: true },
      /shared memory/,
    ],
  ])('%o', (tensor, options, message) => {
    expect(() => host.upload(tensor, options)).toThrow(message);
    expect(() => host.upload(tensor, options)).toThrow(
      expect.objectContaining({ code: 'RUNTIME_TENSOR_INVALID' }),
    );
  });

  it.each([0, -1, 1.5, NaN])('%s threads', async (threads) => {
    await expect(createRuntimeHost({ threads })).rejects.toMatchObject({ code: 'RUNTIME_OPTIONS_INVALID' });
  });
});
