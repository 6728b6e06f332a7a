import { z } from 'zod';
import type { Path } from './path.js';

/** The part of JSON Schema that is read here. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** JSON Schema of a zod schema; what has none there (functions, transforms) is left open. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    return rest as JsonSchema;
  } catch {
    return {};
  }
}

/** The schemas that may apply at a path: several where there are unions. */
export function schemasAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  const branches = [schema, ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => list ?? [])];
  const [part, ...rest] = path;
  if (part === undefined) return branches;
  return branches.flatMap((branch) => {
    const next = typeof part === 'number' ? branch.items : branch.properties?.[part];
    return next === undefined ? [] : schemasAt(next, rest);
  });
}

/** Keys that an object at the path may have. */
export function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

/** Paths of keys that the schema would drop without a word: those of objects that are neither strict nor loose. */
export function droppedKeys(schema: JsonSchema, value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) {
    return schema.items === undefined
      ? []
      : value.flatMap((item, i) => droppedKeys(schema.items ?? {}, item, [...path, i]));
  }
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  const { properties, additionalProperties } = schema;
  return Object.entries(value).flatMap(([key, item]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known !== undefined) return droppedKeys(known, item, [...path, key]);
    return additionalProperties === undefined ? [[...path, key]] : [];
  });
}
