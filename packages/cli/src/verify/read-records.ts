import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DoppioError } from '@doppio/core';
import { short } from './short.js';

/** One JSON object of a file, or why there is none. */
export type FileRecord = {
  /** As error messages name it: `pairs.jsonl:3`, or `cases.json[2]` in an array (from 0). */
  readonly where: string;
  /** Line of the file from 1; in an array the place from 0. */
  readonly row: number;
  /** Read of the file until here. */
  readonly bytes: number;
} & (
  { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: string; readonly seen: string }
);

/**
 * Objects of a file, as they are read: one JSON object per line, or one JSON array of objects. Lines are streamed; an
 * array is read whole. Empty lines are passed over.
 * @param file - path, or `-` for standard input
 * @throws DoppioError CLI_FILE
 */
export async function* readRecords(file: string): AsyncGenerator<FileRecord> {
  const name = file === '-' ? 'standard input' : file;
  const input: Readable = file === '-' ? process.stdin : createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Infinity });
  const array: string[] = [];
  let [row, bytes] = [0, 0];
  let isArray: boolean | undefined;
  try {
    for await (const line of lines) {
      row += 1;
      bytes += Buffer.byteLength(line) + 1;
      const text = row === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.trim() === '') continue;
      isArray ??= text.trimStart().startsWith('[');
      if (isArray) array.push(text);
      else yield { where: `${name}:${String(row)}`, row, bytes, ...parseObject(text) };
    }
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    lines.close();
    if (file !== '-') input.destroy();
  }
  if (isArray === true) yield* arrayRecords(name, array.join('\n'), bytes);
}

function* arrayRecords(name: string, text: string, bytes: number): Generator<FileRecord> {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch (error) {
    throw unreadable(name, error);
  }
  for (const [row, item] of (items as readonly unknown[]).entries())
    yield { where: `${name}[${String(row)}]`, row, bytes, ...asObject(item, JSON.stringify(item)) };
}

type Parsed =
  { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: string; readonly seen: string };

function parseObject(text: string): Parsed {
  try {
    return asObject(JSON.parse(text), text);
  } catch (error) {
    return {
      problem: `no JSON (${error instanceof Error ? error.message : String(error)})`,
      seen: short(text),
    };
  }
}

function asObject(value: unknown, text: string): Parsed {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { value: value as Readonly<Record<string, unknown>> }
    : { problem: 'not a JSON object', seen: short(text) };
}

function unreadable(name: string, error: unknown): DoppioError {
  const seen = error instanceof Error ? error.message : String(error);
  return new DoppioError('CLI_FILE', {
    what: 'the file cannot be read',
    where: name,
    seen: short(seen.replaceAll('\n', ' ')),
    fix: 'give the path of a file with one JSON object per line, or of one JSON array',
    cause: error,
  });
}
