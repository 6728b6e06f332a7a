import { readFile, stat } from 'node:fs/promises';
import { DoppioError } from '@doppio/core';

/** Text of a file, or undefined where there is none. @throws DoppioError `code` for other failures */
export async function readTextIfPresent(path: string, code: string): Promise<string | undefined> {
  try {
    // Pipes and devices never end.
    const isFile = (await stat(path)).isFile();
    if (isFile) return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return undefined;
    throw new DoppioError(code, {
      what: 'a file cannot be read',
      where: path,
      seen: reason ?? String(cause),
      cause,
    });
  }
  throw new DoppioError(code, {
    what: 'a file cannot be read',
    where: path,
    seen: 'it is not a regular file',
  });
}

/** Parses a JSON object. @throws DoppioError `code` naming the file when it is anything else */
export function parseJsonObject(text: string, path: string, code: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DoppioError(code, {
      what: 'a file does not hold valid JSON',
      where: path,
      seen: (cause as Error).message,
      fix: 'the file may be cut off or be a Git LFS pointer: fetch it again',
      cause,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DoppioError(code, {
      what: 'a file must hold a JSON object',
      where: path,
      seen: Array.isArray(value) ? 'a list' : String(value),
      fix: 'fetch the file again',
    });
  }
  return value as Record<string, unknown>;
}

/** Reads a JSON object from a file that must exist. @throws DoppioError MODEL_MISSING, or `code` for what it holds */
export async function readJsonObject(path: string, code: string): Promise<Record<string, unknown>> {
  const text = await readTextIfPresent(path, code);
  if (text === undefined) {
    throw new DoppioError('MODEL_MISSING', {
      what: 'a file of the model is missing',
      where: path,
      seen: 'no such file',
      fix: 'check the folder, or fetch the model again',
    });
  }
  return parseJsonObject(text, path, code);
}
