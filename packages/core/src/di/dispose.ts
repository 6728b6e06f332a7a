const hooks = new WeakMap<object, () => Promise<void>>();

/** Makes {@link dispose} call `hook` for this value instead of what it finds on it. */
export function disposeWith(value: object, hook: () => Promise<void>): void {
  hooks.set(value, hook);
}

/** Values whose `close()` was called already. */
const closed = new WeakSet();

/** Makes {@link dispose} not call `close()` of this value: its user has done so. */
export function markClosed(value: object): void {
  closed.add(value);
}

/** Releases a value: by `Symbol.asyncDispose`, else `Symbol.dispose`, else `close()`; the first that it has. */
export async function dispose(value: unknown): Promise<void> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
  const hook = hooks.get(value);
  if (hook !== undefined) {
    hooks.delete(value);
    return hook();
  }
  for (const key of [Symbol.asyncDispose, Symbol.dispose, 'close']) {
    const release = (value as Record<string | symbol, unknown>)[key];
    if (typeof release === 'function' && !(key === 'close' && closed.has(value))) {
      await (release as () => unknown).call(value);
      return;
    }
  }
}
