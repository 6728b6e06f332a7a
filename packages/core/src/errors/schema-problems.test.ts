import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { droppedKeys, jsonSchemaOf } from './json-schema.js';
import { formatPath } from './path.js';
import { schemaProblems } from './schema-problems.js';

function problems(schema: z.ZodType, value: unknown): readonly string[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return schemaProblems(parsed.error.issues, value, jsonSchemaOf(schema)).map(
    ({ path, text }) => `${formatPath(path)}: ${text}`,
  );
}

describe('schemaProblems', () => {
  it('says what was expected and what was seen', () => {
    const schema = z.strictObject({ n: z.int().positive(), s: z.string(), e: z.enum(['a', 'b']) });
    expect(problems(schema, { n: -2, s: 5, e: 'c' })).toEqual([
      'n: expected number to be >0, seen -2 (number)',
      's: expected string, seen 5 (number)',
      'e: expected one of "a"|"b", seen "c" (string)',
    ]);
    expect(problems(schema, { n: 1.5, e: 'a' })).toEqual([
      'n: expected an integer, seen 1.5 (number)',
      's: is required; expected string',
    ]);
  });

  it('names the nearest sibling, else the same key elsewhere, else the keys there are', () => {
    const schema = z.strictObject({
      seed: z.int().default(0),
      training: z.strictObject({ steps: z.int() }).optional(),
    });
    expect(problems(schema, { sede: 1, steps: 2, zzzzzzz: 3 })).toEqual([
      'sede: unknown key; did you mean seed?',
      'steps: unknown key; did you mean training.steps?',
      'zzzzzzz: unknown key; known keys: seed, training',
    ]);
    expect(problems(z.strictObject({}), { a: 1 })).toEqual(['a: unknown key; nothing can be set here']);
  });

  it('explains the branch of a union that was meant', () => {
    const schema = z.strictObject({ p: z.union([z.string(), z.strictObject({ rate: z.number() })]) });
    expect(problems(schema, { p: { rate: 'x' } })).toEqual(['p.rate: expected number, seen "x" (string)']);
    expect(problems(schema, { p: 4 })).toEqual(['p: expected string or expected object, seen 4 (number)']);
  });
});

describe('droppedKeys', () => {
  it('finds keys that a lax schema would drop, also inside of lists', () => {
    const schema = jsonSchemaOf(
      z.object({ list: z.array(z.object({ a: z.number() })), loose: z.looseObject({}).optional() }),
    );
    const value = { list: [{ a: 1 }, { a: 1, b: 2 }], loose: { any: 1 }, typo: 1 };
    expect(droppedKeys(schema, value).map(formatPath)).toEqual(['list[1].b', 'typo']);
  });

  it('leaves strict objects to the schema and records alone', () => {
    const schema = jsonSchemaOf(z.strictObject({ r: z.record(z.string(), z.number()) }));
    expect(droppedKeys(schema, { r: { x: 1 }, typo: 1 })).toEqual([]);
  });
});
