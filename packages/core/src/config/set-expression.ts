import { DoppioError } from '../errors/doppio-error.js';
import { formatPath, parsePath, type Path } from '../errors/path.js';
import type { Problem } from '../errors/schema-problems.js';
import { slotAt } from './slots.js';
import { merge, treeOf, type Source, type Tree } from './tree.js';

/** A value for one key, from a flag. */
export interface Assignment {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Reads `a.b=c`. The value is JSON, or else the text itself.
 * @throws DoppioError CONFIG_SET
 */
export function parseSetExpression(expression: string): Assignment {
  const equals = equalsSign(expression);
  const path = equals === -1 ? undefined : parsePath(expression.slice(0, equals).trim());
  if (path === undefined) {
    const isKeyBad = equals > 0;
    throw new DoppioError('CONFIG_SET', {
      what: isKeyBad ? 'The key to set cannot be read.' : 'A value to set must be written as key=value.',
      where: '--set',
      seen: expression === '' ? 'an empty text' : expression,
      fix: isKeyBad
        ? 'Write training.steps, rewards[0].weight (items count from 0), or options["a key"] for other names.'
        : 'For example: --set training.steps=50 --set rewards.0.weight=2',
    });
  }
  const text = expression.slice(equals + 1);
  try {
    return { path, value: JSON.parse(text) as unknown };
  } catch {
    return { path, value: text };
  }
}

/** Place of the first `=` that is not within quotes: a quoted key may have one. */
function equalsSign(expression: string): number {
  const quoted = /"(?:[^"\\]|\\.)*"/gy;
  for (let i = 0; i < expression.length; i += 1) {
    if (expression[i] === '=') return i;
    if (expression[i] !== '"') continue;
    quoted.lastIndex = i;
    i += Math.max(0, (quoted.exec(expression)?.[0].length ?? 1) - 1);
  }
  return -1;
}

/**
 * Puts a value at its path. Objects on the way are made; lists are extended by one at most. What stands in the way
 * is reported to `problems` and left as it is.
 */
export function assign(
  tree: Tree | undefined,
  { path, value }: Assignment,
  source: Source,
  problems: Problem[],
): Tree {
  return assignAt(tree, [], path, value, source, problems);
}

function assignAt(
  tree: Tree | undefined,
  done: Path,
  rest: Path,
  value: unknown,
  source: Source,
  problems: Problem[],
): Tree {
  const [part, ...after] = rest;
  if (part === undefined) return merge(tree, treeOf(value, source, done), done);
  if (slotAt(done) !== undefined && part === 'use' && after.length === 0) {
    // Another part takes none of the options of the one before.
    const named: Tree = {
      kind: 'map',
      entries: new Map([['use', treeOf(value, source, [...done, 'use'])]]),
      source: source.label,
    };
    return merge(tree, named, done);
  }
  if (tree === undefined ? typeof part === 'number' : tree.kind === 'list') {
    return assignItem(tree, done, part, after, value, source, problems);
  }
  if (tree?.kind === 'leaf') {
    return blocked(
      tree,
      done,
      `is ${JSON.stringify(tree.value) ?? 'a value'}, and has no key to set`,
      source,
      problems,
    );
  }
  const entries = new Map(tree?.kind === 'map' ? tree.entries : []);
  const key = String(part);
  entries.set(key, assignAt(entries.get(key), [...done, key], after, value, source, problems));
  return { kind: 'map', entries, source: tree?.source ?? source.label };
}

function assignItem(
  tree: Tree | undefined,
  done: Path,
  part: string | number,
  after: Path,
  value: unknown,
  source: Source,
  problems: Problem[],
): Tree {
  const items = tree?.kind === 'list' ? [...tree.items] : [];
  const list: Tree = tree ?? { kind: 'list', items, source: source.label };
  if (typeof part !== 'number')
    return blocked(list, done, `is a list; name an item as ${formatPath([...done, 0])}`, source, problems);
  if (part > items.length) {
    return blocked(
      list,
      done,
      `has ${items.length} items; ${formatPath([...done, part])} is beyond its end`,
      source,
      problems,
    );
  }
  items[part] = assignAt(items[part], [...done, part], after, value, source, problems);
  return { kind: 'list', items, source: list.source };
}

function blocked(tree: Tree, path: Path, text: string, { label }: Source, problems: Problem[]): Tree {
  // The flag is at fault, not whoever wrote what stands in its way.
  problems.push({ kind: 'invalid', path, text, source: label });
  return tree;
}
