/**
 * A copy of plain data that nobody can change, so that one listener cannot alter what the next one sees, nor the run
 * what a slow one still has to read. What is no plain object or list (a typed array, say) is passed on as it is.
 */
export function frozenCopy<T>(value: T, copies: Map<unknown, unknown> = new Map()): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known as T;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(frozenCopy<unknown>(item, copies));
    return Object.freeze(list) as T;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy = Object.create(prototype) as Record<string, unknown>;
  copies.set(value, copy);
  for (const [key, item] of Object.entries(value)) {
    // Not by assignment: a key may be `__proto__`.
    Object.defineProperty(copy, key, { value: frozenCopy<unknown>(item, copies), enumerable: true });
  }
  return Object.freeze(copy) as T;
}
