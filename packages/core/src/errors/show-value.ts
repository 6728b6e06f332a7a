const MAX_LENGTH = 80;

/** A value as error messages show it: JSON where it has one, cut to 80 characters. Never throws. */
export function showValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'function':
      return value.name === '' ? 'a function' : `function ${value.name}`;
    case 'number':
    case 'bigint':
    case 'symbol':
      return String(value);
    default:
      return cut(json(value));
  }
}

/** The type of a value as a reader of configuration would call it. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return value === undefined ? 'nothing' : typeof value;
}

/** What was thrown, as one text, also where it is no Error. Never throws, whatever others throw at us. */
export function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  try {
    const message: unknown = error instanceof Error ? error.message : undefined;
    return typeof message === 'string' ? message : showValue(error);
  } catch {
    return 'something that cannot be shown';
  }
}

function json(value: unknown): string {
  try {
    const prototype: unknown =
      typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : null;
    const name = (prototype as { constructor?: { name?: string } } | null)?.constructor?.name;
    if (name !== undefined && name !== 'Object' && name !== 'Array') return `an instance of ${name}`;
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    return 'an object that has no JSON';
  }
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}...`;
}
