/** Numbers that JSON lacks, and what they are written as. */
const NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/**
 * JSON text in which NaN, the infinities and -0 survive, as `{"$number": "NaN"}`. An object that looks like that by
 * itself gets one more `$`, and so comes back as the object it was.
 */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown) => {
      if (typeof item === 'number' && (!Number.isFinite(item) || Object.is(item, -0)))
        return { $number: Object.is(item, -0) ? '-0' : String(item) };
      const [key, inner] = onlyEntry(item);
      return key === undefined ? item : { [`$${key}`]: inner };
    },
    2,
  );
}

/** Reads what {@link stringifyExact} wrote. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    const [key, inner] = onlyEntry(item);
    if (key === undefined) return item;
    return key === '$number' ? (NUMBERS.get(inner) ?? item) : { [key.slice(1)]: inner };
  });
}

/** The entry of an object that has no other and whose key is `number` after one or more `$`. */
function onlyEntry(item: unknown): readonly [key: string, value: unknown] | readonly [] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return [];
  const [entry, ...others] = Object.entries(item) as [string, unknown][];
  return entry !== undefined && others.length === 0 && /^\$+number$/.test(entry[0]) ? entry : [];
}
