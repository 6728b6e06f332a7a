import { createToken } from './token.js';
import type { RunEvent } from '../events/events.js';

/** Listens to a run. What it throws is reported once and never stops the run. */
export interface Tracker {
  readonly id: string;
  /** Called in order, one event at a time; a returned promise is awaited only at the end of the run. */
  readonly onEvent: (event: RunEvent) => void | Promise<void>;
  /** Last call: flush and release. */
  readonly close?: () => void | Promise<void>;
}
export const Tracker = createToken<Tracker>('Tracker');
