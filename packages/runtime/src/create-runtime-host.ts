import { DoppioError } from '@doppio/core';
import { WorkerHost } from './client/worker-host.js';
import { readCpu, usableCores } from './describe/cpu.js';
import type { RuntimeHost, RuntimeHostOptions } from './host.js';
import { startWorker } from './start-worker.js';

/**
 * Starts a worker thread and loads ONNX Runtime in it.
 * @throws DoppioError RUNTIME_UNAVAILABLE when there are no binaries for this platform;
 * RUNTIME_OPTIONS_INVALID for a thread count that is none
 */
export async function createRuntimeHost(options: RuntimeHostOptions = {}): Promise<RuntimeHost> {
  return await startHost(options);
}

/** @throws DoppioError RUNTIME_OPTIONS_INVALID */
export function expectCount(name: 'threads' | 'replicas', count: number): void {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new DoppioError('RUNTIME_OPTIONS_INVALID', {
      what: `the number of ${name} must be a positive integer`,
      where: name,
      seen: String(count),
    });
}

export async function startHost(options: RuntimeHostOptions = {}): Promise<WorkerHost> {
  const threads = options.threads ?? usableCores(readCpu());
  expectCount('threads', threads);
  const connection = startWorker(options.name ?? 'runtime');
  try {
    await connection.ready;
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new WorkerHost(connection, threads);
}
