import type { Tracker } from '../contracts/tracker.js';
import { markClosed } from '../di/dispose.js';
import { DoppioError } from '../errors/doppio-error.js';
import { errorText } from '../errors/show-value.js';
import type { RunEvent, WithoutTime } from './events.js';
import { frozenCopy } from './frozen-copy.js';

export interface EventBusOptions {
  /** Seconds that {@link EventBus.close} waits: half for what is under way, half for closing. Default 10. */
  readonly closeDeadlineSeconds?: number;
  /** Told each tracker's first failure. What it throws is ignored. */
  readonly onTrackerError?: (tracker: Tracker, error: unknown) => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

interface Listener {
  readonly tracker: Tracker;
  /** What its `onEvent` returned and has not settled yet. */
  readonly pending: Set<Promise<void>>;
  failed: boolean;
  closed: boolean;
}

/**
 * Gives a run's events to its trackers, each in the order of emission. Trackers only listen: neither a tracker that
 * throws nor one that never answers stops the run. A tracker's first failure is told once, to the other trackers (a
 * `warning` event) and to `onTrackerError`; it goes on receiving events.
 */
export class EventBus {
  private readonly listeners: readonly Listener[];
  private readonly options: EventBusOptions;
  private readonly queue: { readonly event: RunEvent; readonly except?: Listener }[] = [];
  private draining = false;
  private closing: Promise<void> | undefined;

  constructor(trackers: readonly Tracker[], options: EventBusOptions = {}) {
    this.listeners = trackers.map((tracker) => ({
      tracker,
      pending: new Set(),
      failed: false,
      closed: false,
    }));
    this.options = options;
  }

  /** Stamps the event with the time and gives it to every tracker. Never throws. Trackers closed by now miss it. */
  readonly emit = (event: WithoutTime<RunEvent>): void => {
    this.enqueue(event);
  };

  /**
   * Waits for what trackers still have under way, then closes them. Returns after `closeDeadlineSeconds` at the
   * latest; trackers that are not done by then are told to `onTrackerError` (DoppioError TRACKER_TIMEOUT). Never
   * rejects; further calls return the same promise.
   */
  readonly close = (): Promise<void> => {
    this.closing ??= this.closeAll();
    return this.closing;
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private enqueue(event: WithoutTime<RunEvent>, except?: Listener): void {
    const stamped = frozenCopy({ ...event, time: (this.options.now ?? Date.now)() }) as RunEvent;
    this.queue.push(except === undefined ? { event: stamped } : { event: stamped, except });
    // Events emitted by a tracker, or about one, wait here: every tracker sees the same order.
    if (this.draining) return;
    this.draining = true;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      for (const listener of this.listeners) {
        if (listener !== next.except && !listener.closed) this.deliver(listener, next.event);
      }
    }
    this.draining = false;
  }

  private deliver(listener: Listener, event: RunEvent): void {
    try {
      const result = listener.tracker.onEvent(event);
      if (result === undefined) return;
      const settled: Promise<void> = Promise.resolve(result)
        .catch((error: unknown) => this.fail(listener, error, `on a "${event.type}" event`))
        .finally(() => listener.pending.delete(settled));
      listener.pending.add(settled);
    } catch (error) {
      this.fail(listener, error, `on a "${event.type}" event`);
    }
  }

  private fail(listener: Listener, error: unknown, when: string): void {
    if (listener.failed) return;
    listener.failed = true;
    try {
      this.options.onTrackerError?.(listener.tracker, error);
    } catch {
      // Reporting is all that it is for.
    }
    const message = `Tracker "${listener.tracker.id}" failed ${when}: ${errorText(error)}. The run goes on; further failures of this tracker are not reported.`;
    this.enqueue({ type: 'warning', code: 'TRACKER_FAILED', message }, listener);
  }

  private async closeAll(): Promise<void> {
    const seconds = this.options.closeDeadlineSeconds ?? 10;
    // First wait for all, then close all: a failure that shows while waiting can still be told to the others.
    await withDeadline((seconds * 1000) / 2, [this.settle()]);
    const late = new AbortController();
    const closed = await withDeadline(
      (seconds * 1000) / 2,
      this.listeners.map((listener) => closeListener(listener, late.signal)),
    );
    late.abort(new Error('the run does not wait any longer'));
    for (const [i, listener] of this.listeners.entries()) {
      const outcome = closed[i];
      if (outcome === 'late')
        this.fail(listener, timeout(listener.tracker, seconds), 'at the end of the run');
      else if (outcome instanceof Failure) this.fail(listener, outcome.error, 'while closing');
    }
  }

  /** Resolves when no tracker has anything under way; failures reported meanwhile may start something new. */
  private async settle(): Promise<void> {
    for (;;) {
      const pending = this.listeners.flatMap((listener) => [...listener.pending]);
      if (pending.length === 0) return;
      await Promise.all(pending);
    }
  }
}

/** What a tracker threw, told apart from what it returned. */
class Failure {
  constructor(readonly error: unknown) {}
}

/** From now on the tracker gets no events. */
async function closeListener(listener: Listener, signal: AbortSignal): Promise<Failure | undefined> {
  listener.closed = true;
  // `close` is the last call to a tracker: whoever created it is not to call it again.
  markClosed(listener.tracker);
  try {
    await listener.tracker.close?.(signal);
    await Promise.all(listener.pending);
    return undefined;
  } catch (error) {
    return new Failure(error);
  }
}

/** Results in order; `late` for those that take longer than `milliseconds`. */
async function withDeadline<T>(milliseconds: number, tasks: readonly Promise<T>[]): Promise<(T | 'late')[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  try {
    return await Promise.all(tasks.map((task) => Promise.race([task, late])));
  } finally {
    clearTimeout(timer);
  }
}

function timeout(tracker: Tracker, seconds: number): DoppioError {
  return new DoppioError('TRACKER_TIMEOUT', {
    what: `Tracker "${tracker.id}" was not done ${seconds} s after the end of the run.`,
    where: `tracker ${tracker.id}`,
    seen: 'A promise of its onEvent or close that does not settle',
    fix: 'What it had not written by then may be missing; the run itself is complete. Give the tracker a time limit of its own.',
  });
}
