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

export async function startHost(options: RuntimeHostOptions = {}): Promise<WorkerHost> {
  const threads = options.threads ?? usableCores(readCpu());
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new DoppioError('RUNTIME_OPTIONS_INVALID', {
      what: 'the number of threads must be a positive integer',
      where: 'threads',
      seen: String(threads),
    });
  const connection = startWorker(options.name ?? 'runtime');
  try {
    await connection.ready;
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new WorkerHost(connection, threads);
}
