import { createWriteStream, type WriteStream } from 'node:fs';
import type { RunEvent, Tracker } from '@doppio/core';

/** Appends every event but progress to a file, one JSON object a line. */
export class JsonLinesTracker implements Tracker {
  readonly id = 'jsonl';
  private readonly stream: WriteStream;
  private failed: Error | undefined;
  private closing: Promise<void> | undefined;

  constructor(readonly path: string) {
    this.stream = createWriteStream(path, { flags: 'a' });
    this.stream.on('error', (error) => (this.failed = error));
  }

  readonly onEvent = (event: RunEvent): void => {
    if (this.failed !== undefined) throw this.failed;
    if (event.type === 'sampling' || event.type === 'evaluation-progress') return;
    this.stream.write(`${JSON.stringify(event)}\n`);
  };

  /** Flushes; further calls return the same promise. */
  readonly close = (): Promise<void> => (this.closing ??= this.finish());

  private finish(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failed !== undefined) {
        reject(this.failed);
        return;
      }
      this.stream.once('error', reject);
      this.stream.end(() => {
        if (this.stream.errored === null) resolve();
        else reject(this.stream.errored);
      });
    });
  }
}
