import { Scanner, Stop } from './json-scanner.js';

/** Place and reason of a syntax error, counted from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** Lines, from 1, on which the keys and items of a text stand, by `formatPath` of their path. */
export type Lines = ReadonlyMap<string, number>;

/**
 * {@link Lines} of a JSON text, or its first syntax error. JSON.parse alone gives no place for many errors and takes the
 * last of two equal keys without a word; here that is an error.
 */
export function scanJson(text: string): { readonly lines: Lines } | { readonly problem: SyntaxProblem } {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const before = text.slice(0, error.offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    const place = { line: before.split('\n').length, column: error.offset - lineStart + 1 };
    return { problem: { ...place, reason: error.reason } };
  }
  let [line, at] = [1, 0];
  const lines = scanner.places.map(({ path, offset }): [string, number] => {
    for (; at < offset; at += 1) if (text[at] === '\n') line += 1;
    return [path, line];
  });
  return { lines: new Map(lines) };
}
