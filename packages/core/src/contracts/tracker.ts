import { createToken } from './token.js';
import type { RunEvent } from '../events/events.js';

/** Listens to a run. What it throws is reported once and never stops the run. Events are copies that cannot be changed. */
export interface Tracker {
  readonly id: string;
  /** Called in order, one event at a time; a returned promise is awaited only at the end of the run. */
  readonly onEvent: (event: RunEvent) => void | Promise<void>;
  /** Last call, made once: flush and release. The signal is aborted when nobody waits for it any longer. */
  readonly close?: (signal?: AbortSignal) => void | Promise<void>;
}
export const Tracker = createToken<Tracker>('Tracker');
