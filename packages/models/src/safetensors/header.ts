import { showJson } from '../files/show-json.js';
import { dtypeBytes, isDtype, type Dtype } from './dtype.js';
import { findDuplicateKey } from './duplicate-keys.js';
import { invalid } from './invalid.js';

/** Largest header that the format allows. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Where a tensor lies and how it is stored. */
export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** First byte in the file. */
  readonly start: number;
  readonly bytes: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the file's own order of names. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}

/** Names that plain objects treat as something else; no checkpoint has them, and none should get far. */
const reservedNames = new Set(['__proto__', '__metadata__']);

/**
 * Reads the header's JSON and checks that it describes the file: known types, byte counts that agree with the
 * shapes, ranges that fill the data without gaps or overlaps.
 * @param fileBytes length of the whole file; the header is `header.length` bytes after the first 8
 * @throws DoppioError SAFETENSORS_INVALID naming the file, the tensor and what is wrong with it
 */
export function parseHeader(header: Uint8Array, fileBytes: number, file: string): SafetensorsHeader {
  const dataStart = 8 + header.length;
  const entries = Object.entries(parseJson(header, file));
  const tensors = new Map<string, TensorInfo>();
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of entries) {
    if (name === '__metadata__') metadata = parseMetadata(value, file);
    else tensors.set(name, parseTensor(name, value, dataStart, file));
  }
  checkRanges(tensors, dataStart, fileBytes, file);
  return { metadata, tensors };
}

function parseJson(header: Uint8Array, file: string): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw invalid(file, 'the header is not UTF-8 text');
  }
  if (!text.startsWith('{')) {
    throw invalid(file, 'the header does not start with {', JSON.stringify(text.slice(0, 20)));
  }
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'the header is not valid JSON', (cause as Error).message);
  }
  const duplicate = findDuplicateKey(text, 2);
  if (duplicate !== undefined) throw invalid(file, 'the header has a name twice', showJson(duplicate));
  return value as Record<string, unknown>;
}

function parseMetadata(value: unknown, file: string): Readonly<Record<string, string>> {
  if (!isObject(value) || !Object.values(value).every((entry) => typeof entry === 'string')) {
    throw invalid(file, '__metadata__ must map strings to strings', showJson(value));
  }
  return value as Record<string, string>;
}

function parseTensor(name: string, value: unknown, dataStart: number, file: string): TensorInfo {
  const fail = (what: string, seen: unknown): Error => invalid(file, what, showJson(seen), name);
  if (reservedNames.has(name)) throw fail('a tensor may not have this name', name);
  if (!isObject(value)) throw fail('a tensor entry must be an object', value);
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== 'string' || !isDtype(dtype)) {
    throw fail(`unknown dtype (known: ${Object.keys(dtypeBytes).join(', ')})`, dtype);
  }
  if (!isCounts(shape)) throw fail('shape must be a list of non-negative integers', shape);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw fail('data_offsets must be two non-negative integers', offsets);
  }
  const [from, to] = offsets as [number, number];
  if (to < from) throw fail('data_offsets end before they start', offsets);
  const needed = shape.reduce((product, size) => product * size, dtypeBytes[dtype]);
  if (needed !== to - from) {
    throw fail(
      `shape ${showJson(shape)} of ${dtype} takes ${String(needed)} bytes, the offsets give ${String(to - from)}`,
      offsets,
    );
  }
  return { dtype, shape, start: dataStart + from, bytes: needed };
}

function checkRanges(
  tensors: ReadonlyMap<string, TensorInfo>,
  dataStart: number,
  fileBytes: number,
  file: string,
): void {
  const sorted = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.bytes - b.bytes);
  let end = dataStart;
  let before = '';
  for (const [name, { start, bytes }] of sorted) {
    if (start < end) {
      throw invalid(file, `data_offsets overlap those of ${showJson(before)}`, undefined, name);
    }
    if (start > end) {
      throw invalid(file, 'unused bytes lie before a tensor', `${String(start - end)} bytes`, name);
    }
    end = start + bytes;
    before = name;
    if (end > fileBytes) {
      const seen = `the tensor ends at byte ${String(end)}, the file at ${String(fileBytes)}`;
      throw invalid(file, 'data_offsets reach beyond the end of the file: it is cut off', seen, name);
    }
  }
  if (end !== fileBytes) {
    throw invalid(file, 'bytes follow the last tensor', `${String(fileBytes - end)} bytes`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0)
  );
}
