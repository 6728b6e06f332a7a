import { describe, expect, it } from 'vitest';
import {
  createReplicas,
  replicaCount,
  type NonEmpty,
  type ReplicaOptions,
  type RuntimeHost,
} from '../src/index.js';
import { negAbs } from './models.js';

const MIB = 2 ** 20;

describe('replicaCount', () => {
  it('is one a thread while copies are small, and divides the threads', () => {
    expect(replicaCount(2, 6 * MIB)).toBe(2);
    expect(replicaCount(16, 6 * MIB)).toBe(8);
    expect(replicaCount(12, 10 * MIB)).toBe(6);
    expect(replicaCount(7, 10 * MIB)).toBe(1);
    expect(replicaCount(4, 40 * MIB)).toBe(1);
    expect(replicaCount(4, 540 * MIB)).toBe(1);
    expect(replicaCount(1, 0)).toBe(1);
  });
});

const startHosts = (options: ReplicaOptions): Promise<NonEmpty<RuntimeHost>> =>
  createReplicas(options, (host) => host);

describe('createReplicas', () => {
  it('leaves no host behind when a copy cannot be made', async () => {
    const hosts: RuntimeHost[] = [];
    const failing = createReplicas({ name: 'f', threads: 2, replicas: 2, weightBytes: 1 }, (host) => {
      hosts.push(host);
      if (hosts.length === 2) throw new Error('does not fit');
    });
    await expect(failing).rejects.toThrow('does not fit');
    for (const host of hosts)
      await expect(host.statistics()).rejects.toMatchObject({ code: 'RUNTIME_DISPOSED' });
  });

  it('shares the threads, and the workers with others', async () => {
    const [a, ...more] = await startHosts({ name: 'a', threads: 4, replicas: 2, weightBytes: 1 });
    const [b] = await startHosts({ name: 'b', threads: 3, replicas: 1, weightBytes: 1 });
    expect([a, ...more].map(({ name, threads }) => [name, threads])).toEqual([
      ['a', 2],
      ['a', 2],
    ]);
    expect(b.threads).toBe(3);
    const { liveRefs } = await a.statistics();
    const ref = b.upload({ dtype: 'float32', shape: [1], data: Float32Array.of(3) });
    expect((await a.statistics()).liveRefs).toBe(liveRefs + 1);
    expect((await more[0]?.statistics())?.liveRefs).toBe(0);
    const session = await a.createSession(negAbs(), { name: 'neg' });

    await a.dispose();
    await a.dispose();
    expect(() => a.upload({ dtype: 'float32', shape: [], data: Float32Array.of(1) })).toThrow(
      /RUNTIME_DISPOSED/,
    );
    await expect(a.statistics()).rejects.toMatchObject({ code: 'RUNTIME_DISPOSED' });
    expect(() => session.run({}, {})).toThrow(/RUNTIME_DISPOSED/);
    // The worker goes on for the other.
    expect((await b.read(ref)).data).toEqual(Float32Array.of(3));
    await b.dispose();
    expect(b.signal.aborted).toBe(false);

    await using fresh = (await startHosts({ name: 'c', replicas: 1, weightBytes: 1 }))[0];
    expect((await fresh.statistics()).liveRefs).toBe(0);
    await more[0]?.dispose();
  });

  it.each([{ threads: 0 }, { threads: 1.5 }, { replicas: 0 }, { replicas: -1 }])(
    'refuses %o',
    async (wrong) => {
      await expect(startHosts({ name: 'none', weightBytes: 1, ...wrong })).rejects.toMatchObject({
        code: 'RUNTIME_OPTIONS_INVALID',
      });
    },
  );
});
