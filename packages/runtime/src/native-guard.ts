const BUSY = 0;
const STOP = 1;
/** Longer than any run should take; a process that never ends would be worse than one that aborts. */
const PATIENCE_MS = 60_000;

/**
 * Keeps a process from ending in the middle of a native call. Node interrupts workers when the process exits;
 * ONNX Runtime's binding then fails to build its results and aborts the process (SIGABRT) instead of letting it
 * end with its own exit code. So whoever exits first forbids further native calls, then waits for the one
 * under way.
 */
export class NativeGuard {
  private readonly flags: Int32Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.flags = new Int32Array(memory);
  }

  /** In the worker: runs a native call. Never settles once the process is exiting. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    Atomics.store(this.flags, BUSY, 1);
    try {
      if (Atomics.load(this.flags, STOP) === 1) {
        this.idle();
        return await new Promise<never>(() => undefined);
      }
      return await call();
    } finally {
      this.idle();
    }
  }

  private idle(): void {
    Atomics.store(this.flags, BUSY, 0);
    Atomics.notify(this.flags, BUSY);
  }

  /** In the owner, on exit: blocks until the worker is outside of native code, and keeps it out. */
  stop(): void {
    Atomics.store(this.flags, STOP, 1);
    Atomics.wait(this.flags, BUSY, 1, PATIENCE_MS);
  }
}

const guards = new Set<NativeGuard>();

function stopAll(): void {
  for (const guard of guards) guard.stop();
}

/** Stops the guard when this thread exits. One listener serves all guards. */
export function stopOnExit(guard: NativeGuard): void {
  if (guards.size === 0) process.on('exit', stopAll);
  guards.add(guard);
}

/** Undoes {@link stopOnExit}: the worker has ended. */
export function forgetGuard(guard: NativeGuard): void {
  guards.delete(guard);
  if (guards.size === 0) process.off('exit', stopAll);
}
