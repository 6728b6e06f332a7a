import type { z } from 'zod';
import { keysAt, type JsonSchema } from './json-schema.js';
import { nearestName } from './nearest-name.js';
import { formatPath, valueAt, type Path } from './path.js';
import { showValue, typeName } from './show-value.js';

/** One thing that is wrong with a value that people wrote. */
export interface Problem {
  readonly kind: 'unknown-key' | 'invalid';
  readonly path: Path;
  /** Sentence without the path: `expected number, seen "a" (string)`. */
  readonly text: string;
  /** Who is at fault, where that is not who wrote the value at the path. */
  readonly source?: string;
}

type Issue = z.core.$ZodIssue;

/**
 * Explains zod's issues to the person who wrote the value.
 * @param root what was checked, for the values seen
 * @param schema JSON Schema of the same, for the keys there are
 */
export function schemaProblems(
  issues: readonly Issue[],
  root: unknown,
  schema: JsonSchema,
): readonly Problem[] {
  return issues.flatMap((issue) => explain(issue, [], root, schema));
}

/** An unknown key, with the key that was probably meant: a sibling, or one of that name elsewhere. */
export function unknownKey(path: Path, schema: JsonSchema): Problem {
  const key = String(path.at(-1));
  const siblings = keysAt(schema, path.slice(0, -1));
  const sibling = nearestName(key, siblings);
  const meant = sibling === undefined ? pathsTo(schema, key)[0] : formatPath([...path.slice(0, -1), sibling]);
  const hint =
    meant !== undefined
      ? `did you mean ${meant}?`
      : siblings.length === 0
        ? 'nothing can be set here'
        : `known keys: ${[...siblings].sort().join(', ')}`;
  return { kind: 'unknown-key', path, text: `unknown key; ${hint}` };
}

function explain(issue: Issue, base: Path, root: unknown, schema: JsonSchema): readonly Problem[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], schema));
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.find((branch) =>
      branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
    );
    if (closest !== undefined) return closest.flatMap((inner) => explain(inner, path, root, schema));
  }
  const value = valueAt(root, path);
  const expected = expectation(issue);
  if (value === undefined) return [{ kind: 'invalid', path, text: `is required; ${expected}` }];
  return [{ kind: 'invalid', path, text: `${expected}, seen ${showValue(value)} (${typeName(value)})` }];
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type')
    return `expected ${issue.expected === 'int' ? 'an integer' : issue.expected}`;
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.flatMap((branch) => branch.map(expectation)).filter((text) => text !== '');
    if (branches.length > 0) return [...new Set(branches)].join(' or ');
  }
  const at = issue.message.indexOf('expected ');
  return at === -1 ? issue.message : issue.message.slice(at);
}

/** Paths, list items aside, whose last key is `key`. */
function pathsTo(schema: JsonSchema, key: string, path: Path = []): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    ...(name === key ? [formatPath([...path, name])] : []),
    ...pathsTo(inner, key, [...path, name]),
  ]);
}
