/** Node's limit; longer ones end at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs the work of somebody else's code, which may hang: rejects with `tooLate` when it has not settled after `seconds`,
 * and with the signal's reason as soon as that is aborted. The work is told by its own signal.
 */
export async function withDeadline<T>(
  seconds: number,
  signal: AbortSignal | undefined,
  tooLate: () => Error,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  // Not AbortSignal.timeout: that one does not keep a process alive that waits for nothing else.
  const timer = setTimeout(
    () => {
      deadline.abort(tooLate());
    },
    Math.min(seconds * 1000, LONGEST_TIMER_MS),
  );
  try {
    const signals = [...(signal === undefined ? [] : [signal]), deadline.signal];
    const either = AbortSignal.any(signals);
    return await unlessAborted(Promise.resolve(work(either)), either);
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects with the signal's reason as soon as it is aborted: work that hangs does not look at its signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
