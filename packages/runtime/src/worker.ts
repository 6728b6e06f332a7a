import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from './failure.js';
import { NativeGuard } from './native-guard.js';
import type { Reply, Request, WorkerData } from './protocol.js';
import { RequestHandler } from './worker/request-handler.js';

// Entry point of the worker thread: requests are handled one after the other, in the order they came.
if (parentPort === null) throw new Error('@doppio/runtime worker.js runs in a worker thread only');
const port = parentPort;
const guard = new NativeGuard((workerData as WorkerData).guard);

function reply(message: Reply, moved: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}

/**
 * Ends the thread with the error. A rejection would do that as well, but not under `--unhandled-rejections=warn`, and
 * then the caller would wait for ever.
 */
function die(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

async function serve(): Promise<void> {
  const runtime = await import('onnxruntime-node').catch((error: unknown) => messageOf(error));
  if (typeof runtime === 'string') {
    reply({ kind: 'unavailable', message: runtime });
    port.close();
    return;
  }
  const handler = new RequestHandler(runtime, guard, reply);
  const queue: Request[] = [];
  let handling = false;
  const drain = async (): Promise<void> => {
    handling = true;
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      await handler.handle(request);
      // Without its port the thread has nothing to wait for, and ends.
      if (request.kind === 'close') port.close();
    }
    handling = false;
  };
  port.on('message', (request: Request) => {
    queue.push(request);
    if (!handling) drain().catch(die);
  });
  reply({ kind: 'ready' });
}

serve().catch(die);
