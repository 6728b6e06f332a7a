import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Connection } from '../src/client/connection.js';
import { WorkerHost } from '../src/client/worker-host.js';
import { NativeGuard } from '../src/native-guard.js';
import type { HostTensor } from '../src/index.js';
import { negAbs } from './models.js';

/** The real worker with a thread-mate that brings it down some time after a tensor with 13 elements was uploaded. */
async function doomedHost(deed: string, flags: readonly string[] = []): Promise<WorkerHost> {
  const guard = new NativeGuard();
  const loader = createRequire(import.meta.url).resolve('tsx/esm/api');
  const entry = new URL('../src/worker.ts', import.meta.url).href;
  const bootstrap = `
    require(${JSON.stringify(loader)}).register();
    import(${JSON.stringify(entry)});
    require('node:worker_threads').parentPort.on('message', (request) => {
      if (request.kind === 'upload' && request.value.data.length === 13) { ${deed} }
    });`;
  const worker = new Worker(bootstrap, {
    eval: true,
    execArgv: ['--conditions=doppio:source', ...flags],
    workerData: { guard: guard.memory },
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  const connection = new Connection('doomed', worker, guard);
  await connection.ready;
  return new WorkerHost(connection, 1);
}

const x: HostTensor = { dtype: 'float32', shape: [1], data: Float32Array.of(1) };
const trigger: HostTensor = { dtype: 'float32', shape: [13], data: new Float32Array(13) };

describe.each([
  ['throws', `setImmediate(() => { throw new Error('cosmic ray'); })`, /cosmic ray/],
  ['exits', `process.exit(3)`, /exit code 3/],
  [
    'runs out of memory',
    `const hoard = []; for (;;) hoard.push(new Array(1e5).fill({}))`,
    /out of memory|memory limit/,
  ],
])('a worker that %s', (_, deed, reason) => {
  it('rejects what is pending and what comes later, with its cause, and can be disposed', async () => {
    const host = await doomedHost(deed);
    const session = await host.createSession(negAbs(), { name: 's' });
    const before = session.run({ x }, { keep: ['y'] });
    await before.read;
    host.upload(trigger);
    const pending = [host.statistics(), session.run({ x }, { read: ['y'] }).read, host.read(before.kept.y)];
    const died = { code: 'RUNTIME_WORKER_DIED', message: expect.stringMatching(reason) as string };
    // A few of them may have been answered in time; then those asked after them were not.
    const results = await Promise.allSettled(pending);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(died);
    await new Promise<void>((resolve) => {
      if (host.signal.aborted) resolve();
      else
        host.signal.addEventListener('abort', () => {
          resolve();
        });
    });
    expect(host.signal.reason).toMatchObject(died);
    await expect(session.run({ x }, { read: ['y'] }).read).rejects.toMatchObject(died);
    await expect(host.read(before.kept.y)).rejects.toMatchObject(died);
    await expect(host.read(host.upload(x))).rejects.toMatchObject(died);
    await expect(host.createSession(negAbs(), { name: 't' })).rejects.toMatchObject(died);
    before.kept.y.dispose();
    await session.dispose();
    await host.dispose();
    await host.dispose();
  });
});

it('a worker that cannot answer is no hang, whatever becomes of unhandled rejections', async () => {
  const mute = `require('node:worker_threads').parentPort.postMessage = () => { throw new Error('laryngitis'); }`;
  const host = await doomedHost(mute, ['--unhandled-rejections=warn']);
  host.upload(trigger);
  const died = { code: 'RUNTIME_WORKER_DIED', message: expect.stringContaining('laryngitis') as string };
  await expect(host.statistics()).rejects.toMatchObject(died);
  await host.dispose();
});

it('a worker that cannot load ONNX Runtime says why', async () => {
  const guard = new NativeGuard();
  const worker = new Worker(
    `require('node:worker_threads').parentPort.postMessage({ kind: 'unavailable', message: 'no such library' });`,
    { eval: true },
  );
  const connection = new Connection('bare', worker, guard);
  await expect(connection.ready).rejects.toMatchObject({
    code: 'RUNTIME_UNAVAILABLE',
    message: expect.stringContaining('no such library') as string,
  });
  await connection.close();
});
