import type { ReadOptions, RuntimeHost, RuntimeStatistics, UploadOptions } from '../host.js';
import type { Session, SessionOptions } from '../session.js';
import type { HostTensor, TensorRef } from '../tensor.js';
import { disposedError } from './connection.js';

/**
 * A host in a worker that others use too. Disposing it releases the sessions that were made through it; tensors are
 * their owners' to dispose of, or go with the worker. Statistics are those of the worker.
 */
export class HostLease implements RuntimeHost {
  private readonly sessions = new Set<Session>();
  private released: Promise<void> | undefined;

  constructor(
    private readonly host: RuntimeHost,
    readonly name: string,
    readonly threads: number,
    private readonly letGo: () => Promise<void>,
  ) {}

  get signal(): AbortSignal {
    return this.host.signal;
  }

  async createSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
    const session = await this.shared().createSession(model, { threads: this.threads, ...options });
    this.sessions.add(session);
    return session;
  }

  upload(tensor: HostTensor, options?: UploadOptions): TensorRef {
    return this.shared().upload(tensor, options);
  }

  async read(ref: TensorRef, options?: ReadOptions): Promise<HostTensor> {
    return await this.shared().read(ref, options);
  }

  async statistics(): Promise<RuntimeStatistics> {
    return await this.shared().statistics();
  }

  dispose(): Promise<void> {
    this.released ??= (async () => {
      // A worker that has died took them with it.
      await Promise.allSettled([...this.sessions].map((session) => session.dispose()));
      await this.letGo();
    })();
    return this.released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  private shared(): RuntimeHost {
    if (this.released !== undefined) throw disposedError(`runtime ${this.name}`);
    return this.host;
  }
}
