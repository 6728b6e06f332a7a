import { isAbsolute, resolve } from 'node:path';
import { formatPath, type Path } from '../errors/path.js';
import { isPath } from '../plugins/resolve-plugin.js';
import { implementsSlot, slotAt } from './slots.js';

/** A configuration value with the source of each of its leaves. Maps, so that no key can reach a prototype. */
export type Tree =
  | { readonly kind: 'leaf'; readonly value: unknown; readonly source: string }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly source: string }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Tree>; readonly source: string };

/** Where the values of a layer come from. */
export interface Source {
  /** E.g. `preset nano`. */
  readonly label: string;
  /** Append the key: for files. */
  readonly keyed: boolean;
  /** Folder that relative paths in this layer start from. */
  readonly base: string;
}

const MAX_DEPTH = 64;

/**
 * Turns a value into a tree. Short forms of parts become `{ use }`, paths become absolute; objects that are no plain
 * data (parts given in code) are leaves.
 * @throws RangeError where the value is cyclic or nested more than 64 deep
 */
export function treeOf(
  value: unknown,
  source: Source,
  path: Path = [],
  around: readonly unknown[] = [],
): Tree {
  if (typeof value === 'object' && value !== null && around.includes(value))
    throw new RangeError(`${formatPath(path)} contains itself`);
  if (around.length > MAX_DEPTH) throw new RangeError(`values are nested more than ${MAX_DEPTH} deep`);
  const inside = [...around, value];
  const origin = source.keyed ? `${source.label} ${formatPath(path)}`.trimEnd() : source.label;
  const slot = slotAt(path);
  if (slot !== undefined && (typeof value === 'string' || implementsSlot(value, slot))) {
    const use: Tree = { kind: 'leaf', value, source: origin };
    return { kind: 'map', entries: new Map([['use', use]]), source: origin };
  }
  if (path.at(-1) === 'use' && slotAt(path.slice(0, -1)) !== undefined)
    return { kind: 'leaf', value, source: origin };
  if (Array.isArray(value)) {
    return {
      kind: 'list',
      items: value.map((item, i) => treeOf(item, source, [...path, i], inside)),
      source: origin,
    };
  }
  if (isPlain(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return {
      kind: 'map',
      entries: new Map(entries.map(([key, item]) => [key, treeOf(item, source, [...path, key], inside)])),
      source: origin,
    };
  }
  return { kind: 'leaf', value: absolute(value, source.base, path), source: origin };
}

/** `upper` over `lower`: maps are merged, everything else is replaced; so are options when the part is another one. */
export function merge(lower: Tree | undefined, upper: Tree, path: Path = []): Tree {
  if (lower?.kind !== 'map' || upper.kind !== 'map') return upper;
  if (slotAt(path) !== undefined && namesAnother(lower, upper)) return upper;
  const entries = new Map(lower.entries);
  for (const [key, item] of upper.entries) entries.set(key, merge(entries.get(key), item, [...path, key]));
  return { kind: 'map', entries, source: upper.source };
}

/** The tree's plain value. Keys named `__proto__` are left out; {@link forbiddenKeys} finds them. */
export function plainValue(tree: Tree): unknown {
  if (tree.kind === 'leaf') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainValue);
  return Object.fromEntries(
    [...tree.entries].filter(([key]) => key !== '__proto__').map(([key, item]) => [key, plainValue(item)]),
  );
}

export function forbiddenKeys(tree: Tree, path: Path = []): readonly Path[] {
  if (tree.kind === 'leaf') return [];
  if (tree.kind === 'list') return tree.items.flatMap((item, i) => forbiddenKeys(item, [...path, i]));
  return [...tree.entries].flatMap(([key, item]) =>
    key === '__proto__' ? [[...path, key]] : forbiddenKeys(item, [...path, key]),
  );
}

/** Source of the value at a path, or of the nearest one around it; undefined where no layer says anything. */
export function sourceAt(tree: Tree, path: Path, exact = false): string | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return tree.source;
  const next =
    tree.kind === 'list'
      ? tree.items[Number(part)]
      : tree.kind === 'map'
        ? tree.entries.get(String(part))
        : undefined;
  if (next === undefined) return exact ? undefined : tree.source;
  return sourceAt(next, rest, exact);
}

function namesAnother(lower: Tree & { kind: 'map' }, upper: Tree & { kind: 'map' }): boolean {
  const above = upper.entries.get('use');
  const below = lower.entries.get('use');
  if (above === undefined || below === undefined) return false;
  return above.kind !== 'leaf' || below.kind !== 'leaf' || above.value !== below.value;
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function absolute(value: unknown, base: string, path: Path): unknown {
  if (typeof value !== 'string' || value === '') return value;
  const [key, index] = path;
  if (path.length === 1 && (key === 'model' || key === 'out'))
    return isAbsolute(value) ? value : resolve(base, value);
  if (
    path.length === 2 &&
    key === 'plugins' &&
    index !== undefined &&
    /^\.{1,2}([/\\]|$)/.test(value) &&
    isPath(value)
  ) {
    return resolve(base, value);
  }
  return value;
}
