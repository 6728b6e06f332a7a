import { readdirSync } from 'node:fs';

/**
 * The first of `path`, `path-2`, `path-3`, ... that is not in use. For run folders that the user did not name: typing the
 * same command twice starts a second run, and never touches the first.
 */
export function freshFolder(path: string): string {
  for (let attempt = 1; ; attempt += 1) {
    const candidate = attempt === 1 ? path : `${path}-${String(attempt)}`;
    if (isFree(candidate)) return candidate;
  }
}

function isFree(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
