import { fileURLToPath } from 'node:url';

/**
 * Where in a file an error arose, as `file:line`, so that a terminal can open it there; the file alone where the error
 * does not say. From the stack: V8 puts the place of a syntax error on its first line, and nowhere else. Columns are
 * left out, since those of TypeScript are of what was made from it.
 */
export function errorPlace(error: unknown, file: string): string {
  let stack: unknown;
  try {
    stack = error instanceof Error ? error.stack : undefined;
  } catch {
    return file;
  }
  if (typeof stack !== 'string') return file;
  for (const [, path, line] of stack.matchAll(/((?:file:\/\/)?\/[^\n():]+):(\d+)/g))
    if (plainPath(path as string) === file) return `${file}:${line}`;
  return file;
}

function plainPath(path: string): string {
  try {
    return path.startsWith('file:') ? fileURLToPath(path) : path;
  } catch {
    return path;
  }
}
