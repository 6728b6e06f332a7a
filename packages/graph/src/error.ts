import { DoppioError } from '@doppio/core';

/** An error in the making of a graph, named by node path. */
export function graphError(
  code: string,
  path: string,
  what: string,
  seen: string,
  fix?: string,
): DoppioError {
  return new DoppioError(code, {
    what,
    where: `graph node ${path}`,
    seen,
    ...(fix === undefined ? {} : { fix }),
  });
}

export function showShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
