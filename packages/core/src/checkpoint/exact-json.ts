/** Numbers that JSON lacks, as objects with this one key. */
const KEY = '$number';

/** JSON text in which NaN, the infinities and -0 survive, as `{"$number": "NaN"}`. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown) =>
      typeof item === 'number' && (!Number.isFinite(item) || Object.is(item, -0))
        ? { [KEY]: Object.is(item, -0) ? '-0' : String(item) }
        : item,
    2,
  );
}

/** Reads what {@link stringifyExact} wrote. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null || !(KEY in item)) return item;
    return Object.keys(item).length === 1 ? Number(item[KEY]) : item;
  });
}
