import type { StopSignals } from '@doppio/core';

/** What asks a run to stop: Ctrl-C, a supervisor, a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Milliseconds within which two signals are one, below npm: a terminal sends Ctrl-C to npm and to the program that npm
 * runs, and npm passes it on to that program as well.
 */
const SAME_MS = 200;

/** Milliseconds that an orderly end may take when it is to be at once: ONNX Runtime cannot be interrupted. */
const PATIENCE_MS = 1000;

export const STOPPING = 'stopping after the running step or evaluation (Ctrl-C again stops at once)';

export interface Stop extends StopSignals, Disposable {
  /** What is told at the first signal, from now on. */
  readonly onFirst: (tell: () => void) => void;
}

/** First signal: stop after the running step. Second: stop at once. */
export function stopOnInterrupt(): Stop {
  const graceful = new AbortController();
  const immediate = new AbortController();
  let tell = (): void => {
    process.stderr.write('stopping\n');
  };
  const same = process.env['npm_lifecycle_event'] === undefined ? 0 : SAME_MS;
  let last = -Infinity;
  const interrupt = (): void => {
    const now = performance.now();
    if (now - last < same) return;
    last = now;
    if (immediate.signal.aborted) end();
    else if (graceful.signal.aborted) {
      immediate.abort();
      setTimeout(end, PATIENCE_MS).unref();
    } else {
      graceful.abort();
      tell();
    }
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  // Not process.exit, which waits for worker threads. The run folder bears it, as it bears every kill.
  const end = (): void => {
    release();
    process.kill(process.pid, 'SIGINT');
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return {
    graceful: graceful.signal,
    immediate: immediate.signal,
    onFirst: (replacement) => {
      tell = replacement;
    },
    [Symbol.dispose]: release,
  };
}
