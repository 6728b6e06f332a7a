import type { StopSignals } from '@doppio/core';

/** First Ctrl-C: stop after the running step. Second: stop at once. */
export function stopOnInterrupt(onFirst: () => void): StopSignals & Disposable {
  const graceful = new AbortController();
  const immediate = new AbortController();
  const interrupt = (): void => {
    if (graceful.signal.aborted) {
      immediate.abort();
      return;
    }
    graceful.abort();
    onFirst();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const release = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  return { graceful: graceful.signal, immediate: immediate.signal, [Symbol.dispose]: release };
}
