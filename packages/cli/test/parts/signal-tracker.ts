import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent, Tracker } from '@doppio/core';

/**
 * Ends (SIGKILL) or stops (SIGSTOP) its own process at an exact moment, which a test could not hit from outside.
 *
 * @param order - e.g. `SIGKILL sampling 2`: signal, type of event, and step or phase; `saving 2` is while the
 *   checkpoint of step 2 is being written. Undefined: never
 */
export function signalTracker(order: string | undefined): Tracker {
  const [signal, moment, which] = (order ?? '').split(' ');
  let directory = '';
  return {
    id: 'signal',
    onEvent: (event) => {
      if (event.type === 'run-started') directory = event.directory;
      if (moment === 'saving' && event.type === 'step' && String(event.metrics.step) === which)
        whileSaving(directory, event.metrics.step, () => process.kill(process.pid, signal));
      if (event.type === moment && (which === undefined || which === label(event)))
        process.kill(process.pid, signal);
    },
  };
}

function label(event: RunEvent): string | undefined {
  if (event.type === 'step') return String(event.metrics.step);
  if (event.type === 'phase') return event.phase.split(' ')[0];
  return 'step' in event ? String(event.step) : undefined;
}

/** Calls back when the checkpoint's tensors have begun to be written. */
function whileSaving(run: string, step: number, callback: () => void): void {
  const folder = join(run, 'checkpoints');
  const look = (): void => {
    const name = readdirSync(folder).find((entry) => entry.startsWith(`.step-00000${String(step)}.new`));
    if (name !== undefined && existsSync(join(folder, name, 'tensors.safetensors'))) callback();
    else setImmediate(look);
  };
  look();
}
