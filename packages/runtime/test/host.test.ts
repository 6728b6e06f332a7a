import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuntimeHost } from '../src/index.js';
import type { HostTensor, RuntimeHost, TensorRef } from '../src/index.js';
import { externalSum, identity, negAbs, power, product, twice } from './models.js';

const vector = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

let host: RuntimeHost;
beforeAll(async () => {
  host = await createRuntimeHost({ name: 'test', threads: 1 });
});
afterAll(async () => {
  await host.dispose();
  expect(host.signal.aborted).toBe(false);
});

describe('a session', () => {
  it('tells its inputs and outputs', async () => {
    await using session = await host.createSession(product(), { name: 'product' });
    expect(session.inputNames).toEqual(['a', 'b']);
    expect(session.outputNames).toEqual(['y']);
    expect(session.inputs).toEqual([
      { name: 'a', dtype: 'float32', shape: ['m', 2] },
      { name: 'b', dtype: 'float32', shape: [2, 3] },
    ]);
  });

  it('returns the outputs that are read, and no others', async () => {
    await using session = await host.createSession(negAbs(), { name: 'neg-abs' });
    const x = vector(1, -2);
    expect(await session.run({ x }, { read: ['z'] }).read).toEqual({ z: vector(1, 2) });
    expect(await session.run({ x }, { read: ['z', 'y'] }).read).toEqual({
      y: vector(-1, 2),
      z: vector(1, 2),
    });
    expect(await session.run({ x }, { keep: ['z'] }).read).toEqual({});
  });

  it('feeds kept tensors to runs queued before the first is done', async () => {
    await using session = await host.createSession(negAbs(), { name: 'chain' });
    let last = session.run({ x: vector(1, -2) }, { keep: ['y'] });
    for (let i = 0; i < 20; i++) {
      const next = session.run({ x: last.kept.y }, { keep: ['y'] });
      last.kept.y.dispose();
      last = next;
    }
    expect(await host.read(last.kept.y)).toEqual(vector(-1, 2));
    last.kept.y.dispose();
  });

  it('copies an output that is both kept and read', async () => {
    await using session = await host.createSession(negAbs(), { name: 'both' });
    const run = session.run({ x: vector(3) }, { keep: ['y'], read: ['y'] });
    const { y } = await run.read;
    y.data[0] = 100;
    expect(await host.read(run.kept.y)).toEqual(vector(-3));
    run.kept.y.dispose();
  });

  it('takes a snapshot of host tensors', async () => {
    await using session = await host.createSession(negAbs(), { name: 'snapshot' });
    const x = vector(1, 2);
    const run = session.run({ x }, { read: ['y'] });
    x.data.fill(0 as never);
    expect((await run.read).y).toEqual(vector(-1, -2));
  });

  it('feeds a view into a larger buffer', async () => {
    await using session = await host.createSession(negAbs(), { name: 'view' });
    const data = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
    const { y } = await session.run({ x: { dtype: 'float32', shape: [2], data } }, { read: ['y'] }).read;
    expect(y.data).toEqual(Float32Array.of(-1, -2));
  });

  it.each<HostTensor & { dtype: 'float32' | 'int32' | 'int64' | 'uint8' | 'bool' }>([
    { dtype: 'float32', shape: [2, 1], data: Float32Array.of(1.5, -0) },
    { dtype: 'int32', shape: [2], data: Int32Array.of(-1, 2 ** 30) },
    { dtype: 'int64', shape: [1, 2], data: BigInt64Array.of(-1n, 2n ** 60n) },
    { dtype: 'uint8', shape: [3], data: Uint8Array.of(0, 128, 255) },
    { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    { dtype: 'float32', shape: [], data: Float32Array.of(7) },
    { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
  ])('carries $dtype $shape there and back', async (tensor) => {
    await using session = await host.createSession(identity(tensor.dtype, tensor.shape.length), {
      name: 'id',
    });
    using ref = host.upload(tensor);
    expect(await host.read(ref)).toEqual(tensor);
    expect((await session.run({ x: ref }, { read: ['y'] }).read).y).toEqual(tensor);
    expect((await session.run({ x: tensor }, { read: ['y'] }).read).y).toEqual(tensor);
  });
});

describe('uploads', () => {
  it('copies by default', async () => {
    const tensor = vector(1, 2);
    using ref = host.upload(tensor);
    tensor.data.fill(0 as never);
    expect(await host.read(ref)).toEqual(vector(1, 2));
  });

  it('moves on request, which detaches the array', async () => {
    const data = Float32Array.of(1, 2);
    using ref = host.upload({ dtype: 'float32', shape: [2], data }, { transfer: true });
    expect(data.length).toBe(0);
    expect(await host.read(ref)).toEqual(vector(1, 2));
    expect(() => host.upload({ dtype: 'float32', shape: [2], data })).toThrow(/detached/);
  });

  it('copies shared memory, which ONNX Runtime does not take', async () => {
    const data = new Float32Array(new SharedArrayBuffer(8));
    data.set([5, 6]);
    using ref = host.upload({ dtype: 'float32', shape: [2], data });
    expect(await host.read(ref)).toEqual(vector(5, 6));
  });

  it('can be read repeatedly, and moved out once', async () => {
    const ref = host.upload(vector(1));
    expect(await host.read(ref)).toEqual(vector(1));
    expect(await host.read(ref, { dispose: true })).toEqual(vector(1));
    await expect(host.read(ref)).rejects.toMatchObject({ code: 'RUNTIME_REF_DISPOSED' });
  });
});

describe('statistics', () => {
  it('count runs, live tensors and their bytes', async () => {
    await using fresh = await createRuntimeHost({ threads: 1 });
    const session = await fresh.createSession(negAbs(), { name: 'counted' });
    const a = fresh.upload(vector(1, 2, 3));
    const run = session.run({ x: a }, { keep: ['y'] });
    const busy = await fresh.statistics();
    expect(busy).toMatchObject({ runs: 1, liveRefs: 2, liveBytes: 24, peakBytes: 24 });
    expect(busy.sessions['counted']).toMatchObject({ runs: 1, failedRuns: 0 });
    expect(busy.seconds).toBeGreaterThan(0);
    a.dispose();
    a.dispose();
    run.kept.y.dispose();
    await session.dispose();
    expect(await fresh.statistics()).toMatchObject({ runs: 1, liveRefs: 0, liveBytes: 0, peakBytes: 24 });
  });

  it('show no growth when kept tensors are disposed', async () => {
    await using fresh = await createRuntimeHost({ threads: 1 });
    const session = await fresh.createSession(negAbs(), { name: 'leak' });
    const x = fresh.upload({ dtype: 'float32', shape: [2 ** 20], data: new Float32Array(2 ** 20) });
    const rounds = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i++) {
        const run = session.run({ x }, { keep: ['y'] });
        run.kept.y.dispose();
        if (i % 10 === 9) await run.read;
      }
      return (await fresh.statistics()).residentBytes;
    };
    const before = await rounds(20);
    const after = await rounds(200);
    // 200 outputs of 4 MiB: a leak would be 800 MiB.
    expect(after - before).toBeLessThan(100 * 2 ** 20);
    expect(await fresh.statistics()).toMatchObject({ liveRefs: 1 });
  });
});

describe('session options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doppio-runtime-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Kernels that ran, from ONNX Runtime's own profile. */
  async function kernels(name: string, options: object): Promise<number> {
    const session = await host.createSession(twice(), { name, profile: join(folder, name), ...options });
    await session.run({ x: vector(0) }, { read: ['y'] }).read;
    await session.dispose();
    const file = readdirSync(folder).find((entry) => entry.startsWith(`${name}_`)) ?? '';
    return readFileSync(join(folder, file), 'utf8').split('_kernel_time').length - 1;
  }

  it('write a profile, choose the optimisation level and pass configuration entries', async () => {
    expect(await kernels('all', {})).toBe(3);
    expect(await kernels('disabled', { optimization: 'disabled' })).toBe(5);
    const off = 'CommonSubexpressionElimination';
    expect(await kernels('nested', { extra: { optimization: { disable_specified_optimizers: off } } })).toBe(
      5,
    );
    expect(await kernels('dotted', { extra: { 'optimization.disable_specified_optimizers': off } })).toBe(5);
  });

  it('move the model on request', async () => {
    const model = Uint8Array.from(negAbs());
    await using session = await host.createSession(model, { name: 'moved', transfer: true });
    expect(model.length).toBe(0);
    expect((await session.run({ x: vector(2) }, { read: ['y'] }).read).y).toEqual(vector(-2));
  });

  it('hand over external data', async () => {
    const data = new Uint8Array(Float32Array.of(9, 10, 20).buffer);
    const externalData = [{ path: 'weights.bin', data }];
    await using session = await host.createSession(externalSum(), { name: 'external', externalData });
    expect(data.length).toBe(12);
    expect((await session.run({ x: vector(1, 2) }, { read: ['y'] }).read).y).toEqual(vector(11, 22));
    await expect(host.createSession(externalSum(), { name: 'none' })).rejects.toThrow(/weights.bin/);
  });

  it('refuse what ONNX Runtime refuses', async () => {
    const refusal = {
      code: 'RUNTIME_SESSION_REFUSED',
      message: expect.stringContaining('session bad') as string,
    };
    await expect(host.createSession(Uint8Array.of(1, 2), { name: 'bad' })).rejects.toMatchObject(refusal);
    await expect(host.createSession(negAbs(), { name: 'bad', extra: { a: 1 } })).rejects.toMatchObject(
      refusal,
    );
    await expect(host.createSession(negAbs(), { name: 'bad', extra: { a: () => 1 } })).rejects.toMatchObject(
      refusal,
    );
    await expect(host.createSession(negAbs(), { name: 'bad', provider: 'abacus' })).rejects.toMatchObject(
      refusal,
    );
  });
});

describe('dispose', () => {
  it('waits for pending work, may be repeated, and refuses later calls', async () => {
    const fresh = await createRuntimeHost({ threads: 1, name: 'short' });
    const session = await fresh.createSession(power(4), { name: 'power' });
    const x: HostTensor = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) };
    const ref = fresh.upload(x);
    const run = session.run({ x: ref }, { keep: ['y'], read: ['y'] });
    const first = fresh.dispose();
    const second = fresh.dispose();
    const late = session.run({ x: ref }, { read: ['y'] });
    expect((await run.read).y.data).toEqual(x.data);
    await Promise.all([first, second]);
    const disposed = { code: 'RUNTIME_DISPOSED' };
    await expect(late.read).rejects.toMatchObject(disposed);
    await expect(fresh.read(run.kept.y)).rejects.toMatchObject(disposed);
    await expect(fresh.createSession(negAbs(), { name: 's' })).rejects.toMatchObject(disposed);
    await expect(fresh.statistics()).rejects.toMatchObject(disposed);
    await session.dispose();
    run.kept.y.dispose();
    expect(fresh.signal.aborted).toBe(false);
  });

  it('frees a session after its runs', async () => {
    const session = await host.createSession(negAbs(), { name: 'gone' });
    const run = session.run({ x: vector(1) }, { read: ['y'] });
    const released = session.dispose();
    expect((await run.read).y).toEqual(vector(-1));
    await released;
    await session.dispose();
    expect(() => session.run({ x: vector(1) }, { read: ['y'] })).toThrow(
      /RUNTIME_DISPOSED.*\n.*session gone/,
    );
  });

  it('refuses tensors of another host', async () => {
    await using other = await createRuntimeHost({ threads: 1 });
    const ref: TensorRef = other.upload(vector(1));
    await using session = await host.createSession(negAbs(), { name: 'mine' });
    expect(() => session.run({ x: ref }, { read: ['y'] })).toThrow(/another host/);
    await expect(host.read(ref)).rejects.toMatchObject({ code: 'RUNTIME_REF_DISPOSED' });
  });
});
