/**
 * First key that an object of the JSON text has twice, at any depth down to `depth` (1: the outermost object).
 * `JSON.parse` keeps the last of them without a word. The text must be valid JSON.
 */
export function findDuplicateKey(text: string, depth: number): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let i = 0;
  while (i < text.length) {
    const character = text[i];
    if (character === '{') open.push(open.length < depth ? new Set() : undefined);
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(text, i);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) {
        const key = JSON.parse(text.slice(i, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end;
      continue;
    }
    i += 1;
  }
  return undefined;
}

/** Position after the closing quote of the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** A string is a key when a colon follows it. */
function isKey(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && ' \t\r\n'.includes(text[i] as string)) i += 1;
  return text[i] === ':';
}
