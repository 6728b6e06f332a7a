import { closeSync, fsyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RunEvent } from '../events/events.js';

const NEWLINE = 0x0a;

/**
 * Appends events to a file, one JSON object per line. Each line is handed to the system before `append` returns:
 * killing the process loses none. Numbers that JSON lacks (NaN, infinities) are written as null.
 */
export class EventLog {
  private readonly file: number;
  private closed = false;

  /** Opens or creates the log; a last line torn by a kill is cut off. @throws the system's error */
  constructor(path: string) {
    this.file = openSync(path, 'a+');
    repairEnd(this.file);
  }

  /** @throws the system's error; the log then ends with the last whole line */
  append(event: RunEvent): void {
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    const before = fstatSync(this.file).size;
    try {
      for (let done = 0; done < line.length;) done += writeSync(this.file, line, done);
    } catch (error) {
      ftruncateSync(this.file, before);
      throw error;
    }
  }

  /** Flushes to the disk and closes; further calls do nothing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    try {
      fsyncSync(this.file);
    } finally {
      closeSync(this.file);
    }
  }
}

/** Events of a log in order. `damaged` counts lines that are no JSON objects; a torn last line is not one of them. */
export async function readEventLog(
  path: string,
): Promise<{ readonly events: readonly RunEvent[]; readonly damaged: number }> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const torn = lines.pop() ?? '';
  const events: RunEvent[] = [];
  let damaged = 0;
  for (const line of lines.filter((text) => text !== '')) {
    const event = parseEvent(line);
    if (event === undefined) damaged += 1;
    else events.push(event);
  }
  const last = parseEvent(torn);
  return { events: last === undefined ? events : [...events, last], damaged };
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as RunEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the file end with a whole line: an incomplete one is cut off, a complete one without its end gets it. */
function repairEnd(file: number): void {
  const { size } = fstatSync(file);
  const tail: Buffer[] = [];
  let from = size;
  for (let found = false; from > 0 && !found;) {
    const piece = Buffer.alloc(Math.min(4096, from));
    readSync(file, piece, 0, piece.length, from - piece.length);
    const end = piece.lastIndexOf(NEWLINE);
    found = end >= 0;
    tail.unshift(piece.subarray(end + 1));
    from -= piece.length - (end + 1);
  }
  const line = Buffer.concat(tail).toString('utf8');
  if (line === '') return;
  if (parseEvent(line) === undefined) ftruncateSync(file, from);
  else writeSync(file, '\n');
}
