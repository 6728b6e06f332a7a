import { DoppioError } from '@doppio/core';
import { GraphBuilder, ops, type Value } from '@doppio/graph';
import { expect, it } from 'vitest';

/** The error that building a graph throws. */
export function errorOf(build: (g: GraphBuilder) => unknown): DoppioError {
  const g = new GraphBuilder('wrong');
  try {
    g.scope('layer.3', () => g.scope('attention', () => build(g)));
  } catch (error) {
    if (DoppioError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
export const float = (g: GraphBuilder, name: string, ...shape: (number | string)[]): Value =>
  g.input(name, 'float32', shape);

/** What cannot be built, and the error that says so. */
export type Wrong = readonly [title: string, code: string, node: string, build: (g: GraphBuilder) => unknown];
export const int = (g: GraphBuilder, name: string, ...shape: (number | string)[]): Value =>
  g.input(name, 'int64', shape);
export const bool = (g: GraphBuilder, name: string, ...shape: (number | string)[]): Value =>
  g.input(name, 'bool', shape);

/** Goes on for three iterations. */
export const goOn = (body: GraphBuilder, iteration: Value): Value =>
  ops.less(body, iteration, body.scalar('int64', 3));

/** A test for each: code, node path and what was seen. */
export function itRefuses(cases: readonly Wrong[]): void {
  it.each(cases)('%s: %s at %s', (_, code, node, build) => {
    const error = errorOf(build);
    expect(error.code).toBe(code);
    expect(error.facts.where).toBe(`graph node layer.3/attention/${node}`);
    expect(error.facts.seen).toBeTruthy();
  });
}
