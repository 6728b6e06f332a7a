import type { Worker } from 'node:worker_threads';
import { DoppioError } from '@doppio/core';
import { messageOf } from '../failure.js';
import { forgetGuard, stopOnExit } from '../native-guard.js';
import type { NativeGuard } from '../native-guard.js';
import type { CallKind, Calls, Notice, Reply } from '../protocol.js';
import { reviveFailure } from './revive-failure.js';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: DoppioError) => void;
}

/**
 * The caller's end of a worker: numbered calls, and what becomes of them when the worker ends. The worker keeps
 * the process alive only while a call is pending.
 */
export class Connection {
  /** Settles when ONNX Runtime is loaded, or turned out not to be. */
  readonly ready: Promise<void>;
  private readonly pending = new Map<number, Pending>();
  private readonly death = new AbortController();
  private readonly exited: Promise<void>;
  private nextCall = 1;
  /** Why no further call is possible. */
  private ended: DoppioError | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly worker: Worker,
    guard: NativeGuard,
  ) {
    stopOnExit(guard);
    this.ready = new Promise<void>((resolve, reject) => {
      // Call 0 is the start.
      this.pending.set(0, { resolve, reject });
    });
    this.exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        forgetGuard(guard);
        this.die(`it ended with exit code ${String(code)}`);
        resolve();
      });
    });
    worker.on('error', (error) => {
      this.die(messageOf(error), error);
    });
    worker.on('messageerror', (error) => {
      this.die(`its answer could not be read: ${messageOf(error)}`, error);
    });
    worker.on('message', (reply: Reply) => {
      this.receive(reply);
    });
  }

  get signal(): AbortSignal {
    return this.death.signal;
  }

  call<K extends CallKind>(
    kind: K,
    request: Calls[K]['request'],
    moved: readonly ArrayBuffer[] = [],
  ): Promise<Calls[K]['reply']> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return this.post(kind, request, moved);
  }

  /** Posts a message without an answer. Nothing happens when the worker has ended. */
  notify(notice: Notice, moved: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(notice, moved);
  }

  /** Ends the worker after pending calls. Never rejects. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      const alive = this.ended === undefined;
      this.ended ??= disposedError(`runtime ${this.name}`);
      this.worker.ref();
      if (alive) await this.post('close', {}, []).catch(() => undefined);
      await this.exited;
    })();
    return this.closing;
  }

  private post<K extends CallKind>(
    kind: K,
    request: Calls[K]['request'],
    moved: readonly ArrayBuffer[],
  ): Promise<Calls[K]['reply']> {
    return new Promise((resolve, reject) => {
      const call = this.nextCall++;
      this.worker.postMessage({ kind, call, ...request }, moved);
      this.pending.set(call, { resolve, reject });
      this.worker.ref();
    });
  }

  private receive(reply: Reply): void {
    switch (reply.kind) {
      case 'ready':
        this.settle(0, (pending) => {
          pending.resolve(undefined as never);
        });
        return;
      case 'unavailable':
        this.settle(0, (pending) => {
          pending.reject(unavailableError(reply.message));
        });
        return;
      case 'value':
        this.settle(reply.call, (pending) => {
          pending.resolve(reply.value as never);
        });
        return;
      case 'failure':
        this.settle(reply.call, (pending) => {
          pending.reject(reviveFailure(reply.failure));
        });
    }
  }

  private settle(call: number, how: (pending: Pending) => void): void {
    const pending = this.pending.get(call);
    if (pending === undefined) return;
    this.pending.delete(call);
    if (this.pending.size === 0 && this.closing === undefined) this.worker.unref();
    how(pending);
  }

  /** The worker has ended, or nothing it says can be trusted: everything pending and later is rejected. */
  private die(seen: string, cause?: unknown): void {
    const expected = this.closing !== undefined && this.pending.size === 0;
    if (expected || this.death.signal.aborted) return;
    const error = new DoppioError('RUNTIME_WORKER_DIED', {
      what: 'a worker with ONNX Runtime has died',
      where: `runtime ${this.name}`,
      seen,
      fix: 'its tensors and sessions are lost: make a new host, with smaller batches if memory ran out',
      ...(cause === undefined ? {} : { cause }),
    });
    this.ended = error;
    for (const call of [...this.pending.keys()])
      this.settle(call, (pending) => {
        pending.reject(error);
      });
    this.death.abort(error);
  }
}

export function disposedError(where: string): DoppioError {
  return new DoppioError('RUNTIME_DISPOSED', {
    what: 'used after it was disposed',
    where,
    fix: 'dispose it after its last use',
  });
}

function unavailableError(seen: string): DoppioError {
  return new DoppioError('RUNTIME_UNAVAILABLE', {
    what: 'ONNX Runtime could not be loaded',
    where: `onnxruntime-node on ${process.platform} ${process.arch}`,
    seen,
    fix: 'it has binaries for Linux (glibc), Windows and macOS on arm64, and for Linux and Windows on x64',
  });
}
