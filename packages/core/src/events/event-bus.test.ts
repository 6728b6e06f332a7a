import { describe, expect, it } from 'vitest';
import type { Tracker } from '../contracts/tracker.js';
import { EventBus } from './event-bus.js';
import type { RunEvent } from './events.js';

/** A tracker that remembers what it got. */
function recorder(id = 'recorder'): Tracker & { readonly events: RunEvent[]; closes: number } {
  const events: RunEvent[] = [];
  return {
    id,
    events,
    closes: 0,
    onEvent: (event) => void events.push(event),
    close() {
      this.closes += 1;
    },
  };
}

const phase = (name: string) => ({ type: 'phase', phase: name }) as const;
const phases = (events: readonly RunEvent[]): string[] =>
  events.map((event) => (event.type === 'phase' ? event.phase : event.type));

describe('EventBus', () => {
  it('stamps the time and calls trackers in order', () => {
    const order: string[] = [];
    const named = (id: string): Tracker => ({
      id,
      onEvent: (event) => void order.push(`${id} ${event.time}`),
    });
    let time = 0;
    const bus = new EventBus([named('a'), named('b')], { now: () => (time += 1) });
    bus.emit(phase('x'));
    bus.emit(phase('y'));
    expect(order).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws something that is no error',
      () => {
        throw 'boom';
      },
    ],
  ])('reports a tracker that %s once, to the others, and goes on calling it', async (_, fail) => {
    let calls = 0;
    const bad: Tracker = {
      id: 'bad',
      onEvent: () => {
        calls += 1;
        return fail();
      },
    };
    const [before, after] = [recorder(), recorder()];
    const told: string[] = [];
    const bus = new EventBus([before, bad, after], { onTrackerError: ({ id }) => void told.push(id) });
    bus.emit(phase('1'));
    bus.emit(phase('2'));
    await bus.close();
    for (const { events } of [before, after]) {
      expect(phases(events).filter((name) => name !== 'warning')).toEqual(['1', '2']);
      const warnings = events.filter((event) => event.type === 'warning');
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatchObject({
        code: 'TRACKER_FAILED',
        message: expect.stringMatching(/"bad" .*"phase".*boom/) as string,
      });
    }
    expect(calls).toBe(2);
    expect(told).toEqual(['bad']);
  });

  it('shows every tracker the same order, also of events that trackers emit or cause', () => {
    const [first, last] = [recorder('first'), recorder('last')];
    const chatty: Tracker = {
      id: 'chatty',
      onEvent: (event) => {
        if (event.type === 'phase' && event.phase === '1') bus.emit(phase('1b'));
      },
    };
    const bad: Tracker = {
      id: 'bad',
      onEvent: () => {
        throw new Error('x');
      },
    };
    const bus: EventBus = new EventBus([first, chatty, bad, last]);
    bus.emit(phase('1'));
    bus.emit(phase('2'));
    expect(phases(first.events)).toEqual(['1', '1b', 'warning', '2']);
    expect(phases(last.events)).toEqual(phases(first.events));
  });

  it('survives trackers that all fail, on warnings too, and a failing error callback', async () => {
    const bad = (id: string): Tracker => ({
      id,
      onEvent: () => {
        throw new Error(id);
      },
      close: () => {
        throw new Error(id);
      },
    });
    let told = 0;
    const bus = new EventBus([bad('a'), bad('b')], {
      onTrackerError: () => {
        told += 1;
        throw new Error('callback');
      },
    });
    bus.emit(phase('1'));
    await bus.close();
    expect(told).toBe(2);
  });

  it.each<[string, unknown]>([
    ['an object without a prototype', Object.create(null)],
    ['an error whose message is no text', Object.assign(new Error('x'), { message: Object.create(null) })],
    [
      'an error that cannot be read',
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('no message');
        },
      }),
    ],
    ['nothing', undefined],
  ])('never throws itself, and loses nothing, where a tracker throws %s', async (_, thrown) => {
    const bad: Tracker = {
      id: 'bad',
      onEvent: () => {
        throw thrown;
      },
    };
    const other = recorder();
    const bus = new EventBus([bad, other]);
    bus.emit(phase('1'));
    bus.emit(phase('2'));
    await bus.close();
    expect(phases(other.events)).toEqual(['1', 'warning', '2']);
  });

  it('gives copies that nobody can change, neither a tracker nor the run afterwards', () => {
    const rude: Tracker = {
      id: 'rude',
      onEvent: (event) => {
        if (event.type === 'run-finished') (event.summary['inner'] as { n: number }).n = 99;
      },
    };
    const witness = recorder();
    const inner: { n: number; self?: unknown } = { n: 1 };
    inner.self = inner;
    new EventBus([rude, witness]).emit({ type: 'run-finished', status: 'completed', summary: { inner } });
    inner.n = 2;
    expect(witness.events[0]).toMatchObject({ summary: { inner: { n: 1 } } });
    expect(witness.events[1]).toMatchObject({ code: 'TRACKER_FAILED' });
  });

  it('tells a tracker that is still closing when nobody waits any longer', async () => {
    let reason: unknown;
    const slow: Tracker = {
      id: 'slow',
      onEvent: () => undefined,
      close: (signal) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => {
            reason = signal.reason;
            resolve();
          });
        }),
    };
    await new EventBus([slow], { closeDeadlineSeconds: 0.02 }).close();
    expect(reason).toBeInstanceOf(Error);
  });

  it('does not let one tracker change what the next one sees', () => {
    const rude: Tracker = {
      id: 'rude',
      onEvent: (event) => {
        (event as { time: number }).time = -1;
      },
    };
    const witness = recorder();
    new EventBus([rude, witness], { now: () => 5 }).emit(phase('x'));
    expect(witness.events[0]?.time).toBe(5);
  });

  it('waits for promises at the end, then closes each tracker once and sends no more', async () => {
    const order: string[] = [];
    const slow: Tracker = {
      id: 'slow',
      onEvent: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('written');
      },
      close: () => void order.push('closed'),
    };
    const other = recorder();
    const bus = new EventBus([slow, other]);
    bus.emit(phase('1'));
    bus.emit(phase('2'));
    expect(order).toEqual([]);
    await Promise.all([bus.close(), bus.close()]);
    bus.emit(phase('3'));
    expect(order).toEqual(['written', 'written', 'closed']);
    expect(other.closes).toBe(1);
    expect(phases(other.events)).toEqual(['1', '2']);
  });

  it.each<[string, Partial<Tracker>]>([
    ['onEvent', { onEvent: () => new Promise<void>(() => undefined) }],
    ['close', { close: () => new Promise<void>(() => undefined) }],
  ])('is not held up by a tracker whose %s never settles', async (_, part) => {
    const hanging: Tracker = { id: 'hanging', onEvent: () => undefined, ...part };
    const other = recorder();
    const errors: unknown[] = [];
    const bus = new EventBus([hanging, other], {
      closeDeadlineSeconds: 0.05,
      onTrackerError: (_tracker, error) => errors.push(error),
    });
    bus.emit(phase('1'));
    const started = performance.now();
    await bus.close();
    expect(performance.now() - started).toBeLessThan(2000);
    expect(errors).toMatchObject([{ code: 'TRACKER_TIMEOUT' }]);
    expect(other.closes).toBe(1);
  });
});
