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

/** A part of a path: `.key`, `[3]`, or `["any key"]` as {@link formatPath} quotes it. */
const PART = /\.?([^.[\]\s"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Reads what {@link formatPath} writes, and `rewards.1.weight`; undefined where a part is empty or not closed. */
export function parsePath(text: string): Path | undefined {
  const parts: (string | number)[] = [];
  for (let at = 0; at < text.length;) {
    PART.lastIndex = at;
    const [found, name, index, quoted] = PART.exec(text) ?? [];
    // A name that is not the first part begins with a dot, and only such a one.
    if (found === undefined || (name !== undefined && found.startsWith('.') !== at > 0)) return undefined;
    if (quoted !== undefined) {
      const key = unquoted(quoted);
      if (key === undefined) return undefined;
      parts.push(key);
    } else if (name !== undefined) parts.push(/^(0|[1-9]\d*)$/.test(name) ? Number(name) : name);
    else parts.push(Number(index));
    at += found.length;
  }
  return parts.length === 0 ? undefined : parts;
}

function unquoted(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
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
