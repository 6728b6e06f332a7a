import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { Connection } from './client/connection.js';
import { NativeGuard } from './native-guard.js';
import type { WorkerData } from './protocol.js';

/**
 * Starts the worker thread next to this file. Run from TypeScript sources (tests), the thread needs a loader of
 * its own: `tsx`, a development dependency.
 */
export function startWorker(name: string): Connection {
  const guard = new NativeGuard();
  const workerData: WorkerData = { guard: guard.memory };
  const options: WorkerOptions = { name: `doppio ${name}`, workerData };
  const worker = import.meta.url.endsWith('.ts')
    ? workerFromSource(options)
    : new Worker(new URL('./worker.js', import.meta.url), options);
  return new Connection(name, worker, guard);
}

/** A bootstrap registers the loader inside the thread, for `--import tsx` does so on the main thread only. */
function workerFromSource(options: WorkerOptions): Worker {
  const { resolve } = createRequire(import.meta.url);
  const loader = new URL('dist/esm/api/index.mjs', pathToFileURL(resolve('tsx/package.json'))).href;
  const entry = new URL('./worker.ts', import.meta.url).href;
  const bootstrap = `import(${JSON.stringify(loader)})
    .then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(bootstrap, { ...options, eval: true, execArgv: ['--conditions=doppio:source'] });
}
