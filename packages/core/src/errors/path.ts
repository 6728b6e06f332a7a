/** Place of a value in configuration: `['rewards', 1, 'weight']`. */
export type Path = readonly (string | number)[];

/** `rewards[1].weight`; keys that are no plain words are quoted: `options["a b"]`. */
export function formatPath(path: Path): string {
  return path
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return i === 0 ? part : `.${part}`;
    })
    .join('');
}

/** Reads `rewards.1.weight` and `rewards[1].weight`; undefined where a part is empty or a bracket is left open. */
export function parsePath(text: string): Path | undefined {
  const dotted = text.replace(/\[(\d+)\]/g, '.$1');
  const parts = (dotted.startsWith('.') && text.startsWith('[') ? dotted.slice(1) : dotted).split('.');
  if (parts.some((part) => part === '' || /[[\]\s]/.test(part))) return undefined;
  return parts.map((part) => (/^(0|[1-9]\d*)$/.test(part) ? Number(part) : part));
}

/** The value at a path, or undefined. Own properties only. */
export function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
