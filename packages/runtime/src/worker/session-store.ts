import type { InferenceSession } from 'onnxruntime-node';
import type { SessionStatistics } from '../host.js';
import type { SessionOptions, ValueInfo } from '../session.js';

export interface LoadedSession {
  readonly name: string;
  readonly native: InferenceSession;
  readonly inputs: ReadonlyMap<string, ValueInfo>;
  readonly profiled: boolean;
}

type Counters = { -readonly [K in keyof SessionStatistics]: SessionStatistics[K] };

/** The worker's sessions by id, and what they did by name. */
export class SessionStore {
  private readonly sessions = new Map<number, LoadedSession>();
  private readonly counters = new Map<string, Counters>();

  add(id: number, native: InferenceSession, options: SessionOptions, loadSeconds: number): LoadedSession {
    const session: LoadedSession = {
      name: options.name,
      native,
      inputs: new Map(valueInfos(native.inputMetadata).map((info) => [info.name, info])),
      profiled: options.profile !== undefined,
    };
    this.sessions.set(id, session);
    this.countersOf(options.name).loadSeconds += loadSeconds;
    return session;
  }

  get(id: number): LoadedSession | undefined {
    return this.sessions.get(id);
  }

  remove(id: number): LoadedSession | undefined {
    const session = this.sessions.get(id);
    this.sessions.delete(id);
    return session;
  }

  ids(): number[] {
    return [...this.sessions.keys()];
  }

  countRun(name: string, seconds: number, failed: boolean): void {
    const counters = this.countersOf(name);
    counters.runs += 1;
    counters.seconds += seconds;
    if (failed) counters.failedRuns += 1;
  }

  statistics(): Record<string, SessionStatistics> {
    return Object.fromEntries([...this.counters].map(([name, counters]) => [name, { ...counters }]));
  }

  private countersOf(name: string): Counters {
    const known = this.counters.get(name);
    if (known !== undefined) return known;
    const made: Counters = { runs: 0, failedRuns: 0, seconds: 0, loadSeconds: 0 };
    this.counters.set(name, made);
    return made;
  }
}

export function valueInfos(metadata: InferenceSession['inputMetadata']): ValueInfo[] {
  return metadata.map((value) =>
    value.isTensor
      ? { name: value.name, dtype: value.type, shape: [...value.shape] }
      : { name: value.name, dtype: 'not a tensor', shape: [] },
  );
}
