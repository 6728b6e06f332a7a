/** An entry of a table by a word of the answer; `constructor` and the like, which every object has, are no entries. */
export function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
