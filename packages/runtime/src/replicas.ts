import { createRuntimeHost, expectCount } from './create-runtime-host.js';
import { HostLease } from './client/host-lease.js';
import { readCpu, usableCores } from './describe/cpu.js';
import type { RuntimeHost } from './host.js';

/** All copies of a model's weights together take at most this much. */
const REPLICA_BYTES = 64 * 2 ** 20;

/** At least one of something. */
export type NonEmpty<T> = readonly [T, ...T[]];

export interface ReplicaOptions {
  /** Names the user of the hosts in errors. */
  readonly name: string;
  /** Threads of all hosts together. Default: the physical cores this process may use. */
  readonly threads?: number | undefined;
  /** Number of copies. Default {@link replicaCount}. */
  readonly replicas?: number | undefined;
  /** Size of a copy. */
  readonly weightBytes: number;
}

/**
 * How many copies of a model are worth having. The operators of a small model are too short to be shared between
 * threads, which wait for each other more than they compute. With a copy for each thread they need not, as long as
 * copies are cheap. A divisor of `threads`, so that each copy has as many.
 */
export function replicaCount(threads: number, weightBytes: number): number {
  const most = Math.min(threads, Math.floor(REPLICA_BYTES / Math.max(1, weightBytes)));
  for (let count = most; count > 1; count -= 1) if (threads % count === 0) return count;
  return 1;
}

/**
 * Makes a copy of a model for each host, which has its share of the threads. Host i is in the same worker as everybody's
 * host i: sampler and policy take turns, and a worker of one's own costs 30 MB and keeps what it has freed from the other.
 * When a copy cannot be made, no host is left behind.
 * @throws DoppioError RUNTIME_UNAVAILABLE, RUNTIME_OPTIONS_INVALID, and what `make` throws
 */
export async function createReplicas<T>(
  {
    name,
    threads = usableCores(readCpu()),
    weightBytes,
    replicas = replicaCount(threads, weightBytes),
  }: ReplicaOptions,
  make: (host: RuntimeHost) => T,
): Promise<NonEmpty<T>> {
  expectCount('threads', threads);
  expectCount('replicas', replicas);
  const share = Math.max(1, Math.floor(threads / replicas));
  const started = await Promise.allSettled(
    Array.from({ length: replicas }, (_, place) => lease(place, name, share)),
  );
  const hosts = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const [first, ...rest] = hosts as [RuntimeHost, ...RuntimeHost[]];
    return [make(first), ...rest.map(make)];
  } catch (error) {
    await Promise.all(hosts.map((host) => host.dispose()));
    throw error;
  }
}

/** A worker that several hold; it ends when the last of them lets go. */
interface SharedWorker {
  readonly host: Promise<RuntimeHost>;
  holders: number;
}

/** By place among the replicas. */
const workers = new Map<number, SharedWorker>();

async function lease(place: number, name: string, threads: number): Promise<RuntimeHost> {
  const worker = workers.get(place) ?? start(place);
  worker.holders += 1;
  const letGo = async (): Promise<void> => {
    worker.holders -= 1;
    if (worker.holders > 0) return;
    forget(place, worker);
    await (await worker.host).dispose();
  };
  try {
    return new HostLease(await worker.host, name, threads, letGo);
  } catch (error) {
    forget(place, worker);
    throw error;
  }
}

function start(place: number): SharedWorker {
  const host = createRuntimeHost({ name: `engine ${String(place + 1)}`, threads: 1 });
  const worker: SharedWorker = { host, holders: 0 };
  workers.set(place, worker);
  // One that has died is not handed out again.
  void host.then(
    ({ signal }) => {
      signal.addEventListener('abort', () => {
        forget(place, worker);
      });
    },
    () => {
      forget(place, worker);
    },
  );
  return worker;
}

function forget(place: number, worker: SharedWorker): void {
  if (workers.get(place) === worker) workers.delete(place);
}
