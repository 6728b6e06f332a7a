import type { GraphBuilder } from '../builder.js';
import { graphError, showShape } from '../error.js';
import { expectRank, expectType, sameShape } from '../shapes.js';
import type { Shape, Value } from '../types.js';

export interface LoopBody {
  /** Whether to go on after this iteration: a bool scalar. */
  readonly continue: Value;
  /** The carried values' next state, same order and types; extents may change (a growing cache). */
  readonly carried: readonly Value[];
  /** Collected over the iterations: result [iteration, ...]. */
  readonly scanned: readonly Value[];
}

/**
 * ONNX Loop: runs the body up to `trips` times while its condition holds.
 * @param trips int64 scalar
 * @param build gets the body's builder, the iteration number (int64 scalar) and the carried values
 * @param extents shapes of the carried values inside of the loop and after it
 */
export function loop(
  g: GraphBuilder,
  trips: Value,
  initial: readonly Value[],
  extents: readonly Shape[],
  build: (body: GraphBuilder, iteration: Value, carried: readonly Value[]) => LoopBody,
): { readonly carried: readonly Value[]; readonly scanned: readonly Value[] } {
  const path = g.at('Loop');
  expectType(path, trips, 'int64');
  expectRank(path, trips, 0);
  const body = g.subgraph('Loop');
  const iteration = body.subgraphInput('iteration', 'int64', []);
  body.subgraphInput('condition', 'bool', []);
  const shapes = initial.map((value, i) => extents[i] ?? value.shape);
  initial.forEach((value, i) => {
    expectRank(path, value, shapes[i]?.length ?? 0);
  });
  const carried = initial.map((value, i) => body.subgraphInput('carried', value.type, shapes[i] as Shape));
  const result = build(body, iteration, carried);
  if (result.carried.length !== initial.length)
    throw graphError(
      'GRAPH_SHAPE',
      path,
      'a loop must return what it carries',
      `${String(initial.length)} in, ${String(result.carried.length)} out`,
    );
  expectType(path, result.continue, 'bool');
  expectRank(path, result.continue, 0);
  result.carried.forEach((value, i) => {
    const shape = shapes[i] as Shape;
    expectType(path, value, (initial[i] as Value).type);
    if (!sameShape(value.shape, shape))
      throw graphError(
        'GRAPH_SHAPE',
        path,
        `carried value ${String(i)} leaves an iteration in another shape than it enters the next`,
        `${showShape(value.shape)}, not ${showShape(shape)}`,
        'name an extent that grows, in `extents` and in the body',
      );
  });
  for (const value of [result.continue, ...result.carried, ...result.scanned]) {
    // An output must be made inside of the body; a value passed through unchanged needs a node of its own.
    const made = body.emit1('Identity', [value], value.type, value.shape);
    body.output(made.name, made);
  }
  const outputs = [
    ...result.carried.map((value, i) => ({ type: value.type, shape: shapes[i] as Shape })),
    ...result.scanned.map((value) => ({ type: value.type, shape: ['iteration', ...value.shape] })),
  ];
  const values = g.emit('Loop', [trips, undefined, ...initial], outputs, {
    attributes: { body: { kind: 'graph', value: body.finish() } },
  });
  return { carried: values.slice(0, initial.length), scanned: values.slice(initial.length) };
}
