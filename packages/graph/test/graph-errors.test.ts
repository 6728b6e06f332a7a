import { describe, expect, it } from 'vitest';
import { DoppioError } from '@doppio/core';
import { differentiate, GraphBuilder, ops, type Value } from '@doppio/graph';

/** The error that building a graph throws. */
function errorOf(build: (g: GraphBuilder) => unknown): DoppioError {
  const g = new GraphBuilder('wrong');
  try {
    g.scope('layer.3', () => g.scope('attention', () => build(g)));
  } catch (error) {
    if (DoppioError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
const float = (g: GraphBuilder, name: string, ...shape: (number | string)[]): Value =>
  g.input(name, 'float32', shape);

type Wrong = readonly [title: string, code: string, node: string, build: (g: GraphBuilder) => unknown];
const wrong: readonly Wrong[] = [
  [
    'shapes that do not broadcast',
    'GRAPH_SHAPE',
    'Add',
    (g) => ops.add(g, float(g, 'a', 2), float(g, 'b', 3)),
  ],
  [
    'a named extent against a number',
    'GRAPH_SHAPE',
    'Mul',
    (g) => ops.mul(g, float(g, 'a', 'n'), float(g, 'b', 3)),
  ],
  [
    'two named extents',
    'GRAPH_SHAPE',
    'Where',
    (g) => ops.where(g, g.input('c', 'bool', ['n']), float(g, 'a', 'n'), float(g, 'b', 'm')),
  ],
  [
    'inner extents of a product',
    'GRAPH_SHAPE',
    'MatMul',
    (g) => ops.matmul(g, float(g, 'a', 2, 3), float(g, 'b', 3, 2), { transB: true }),
  ],
  ['a reshape of another size', 'GRAPH_SHAPE', 'Reshape', (g) => ops.reshape(g, float(g, 'a', 2, 3), [7])],
  [
    'a reshape to two unknown extents',
    'GRAPH_SHAPE',
    'Reshape',
    (g) => ops.reshape(g, float(g, 'a', 6), ['n', 'm']),
  ],
  [
    'parts that do not fit',
    'GRAPH_SHAPE',
    'Concat',
    (g) => ops.concat(g, [float(g, 'a', 2, 2), float(g, 'b', 2, 3)], 0),
  ],
  [
    'a joined extent without a name',
    'GRAPH_SHAPE',
    'Concat',
    (g) => ops.concat(g, [float(g, 'a', 'n'), float(g, 'b', 'n')], 0),
  ],
  ['nothing to join', 'GRAPH_SHAPE', 'Concat', (g) => ops.concat(g, [], 0)],
  ['parts that do not add up', 'GRAPH_SHAPE', 'Split', (g) => ops.split(g, float(g, 'a', 5), [2, 2], 0)],
  [
    'a norm of another width',
    'GRAPH_SHAPE',
    'RmsNorm',
    (g) => ops.rmsNorm(g, float(g, 'a', 2, 4), float(g, 'w', 3), 1e-6),
  ],
  [
    'heads that do not divide',
    'GRAPH_SHAPE',
    'Rotary',
    (g) =>
      ops.rotary(
        g,
        float(g, 'x', 'n', 6),
        g.input('p', 'int64', ['n']),
        float(g, 'cos', 9, 2),
        float(g, 'sin', 9, 2),
        4,
      ),
  ],
  [
    'a constant of another size',
    'GRAPH_SHAPE',
    'table',
    (g) => g.initializer('table', 'float32', [2, 2], new Float32Array(3)),
  ],
  [
    'a constant in another array',
    'GRAPH_SHAPE',
    'table',
    (g) => g.initializer('table', 'int64', [2], new Float32Array(2)),
  ],
  [
    'operands of two types',
    'GRAPH_TYPE',
    'Div',
    (g) => ops.div(g, float(g, 'a', 2), g.input('b', 'int64', [2])),
  ],
  [
    'a comparison of two types',
    'GRAPH_TYPE',
    'Less',
    (g) => ops.less(g, float(g, 'a', 2), g.input('b', 'int64', [2])),
  ],
  ['an exponential of integers', 'GRAPH_TYPE', 'Exp', (g) => ops.exp(g, g.input('a', 'int64', [2]))],
  [
    'indices that are no integers',
    'GRAPH_TYPE',
    'Gather',
    (g) => ops.gather(g, float(g, 'a', 2), float(g, 'b', 2)),
  ],
  [
    'a condition that is none',
    'GRAPH_TYPE',
    'Where',
    (g) => ops.where(g, float(g, 'c', 2), float(g, 'a', 2), float(g, 'b', 2)),
  ],
  [
    'parts of two types',
    'GRAPH_TYPE',
    'Concat',
    (g) => ops.concat(g, [float(g, 'a', 2), g.input('b', 'int64', [2])], 0),
  ],
  [
    'a product with a vector',
    'GRAPH_RANK',
    'MatMul',
    (g) => ops.matmul(g, float(g, 'a', 2, 3), float(g, 'b', 3)),
  ],
  ['an axis that is not there', 'GRAPH_RANK', 'ReduceSum', (g) => ops.reduceSum(g, float(g, 'a', 2, 3), [2])],
  [
    'a transpose that forgets an axis',
    'GRAPH_RANK',
    'Transpose',
    (g) => ops.transpose(g, float(g, 'a', 2, 3), [0, 0]),
  ],
  [
    'row numbers of two axes',
    'GRAPH_RANK',
    'PermuteRows',
    (g) =>
      ops.permuteRows(g, float(g, 'a', 2), g.input('f', 'int64', [2, 1]), g.input('i', 'int64', [2]), false),
  ],
  ['an input of a name that is taken', 'GRAPH_DUPLICATE', 'x', (g) => [float(g, 'x', 2), float(g, 'x', 2)]],
];

describe('a graph that cannot be', () => {
  it.each(wrong)('%s: %s at %s', (_, code, node, build) => {
    const error = errorOf(build);
    expect(error.code).toBe(code);
    expect(error.facts.where).toBe(`graph node layer.3/attention/${node}`);
    expect(error.facts.seen).toBeTruthy();
  });
});

describe('a gradient that cannot be', () => {
  it('names the operator without a rule', () => {
    const error = errorOf((g) => {
      const x = float(g, 'x', 2);
      const y = ops.maximum(g, ops.exp(g, x), g.scalar('float32', 1));
      differentiate(g, [{ of: ops.neg(g, y), gradient: float(g, 'dy', 2) }], [x]);
    });
    expect(error.code).toBe('GRAPH_NO_RULE');
    expect(error.facts.where).toBe('graph node layer.3/attention/Max');
    expect(error.message).toContain('Max');
    expect(error.facts.fix).toContain('stopGradient');
  });

  it('names the operator whose rule leaves an input out', () => {
    const error = errorOf((g) => {
      const x = float(g, 'x', 2, 3);
      const y = ops.gather(g, x, g.input('i', 'int64', [2]), 1);
      differentiate(g, [{ of: y, gradient: float(g, 'dy', 2, 2) }], [x]);
    });
    expect(error.code).toBe('GRAPH_NO_RULE');
    expect(error.facts.where).toBe('graph node layer.3/attention/Gather');
  });

  it('needs no rule where no gradient has to flow', () => {
    const g = new GraphBuilder('g');
    const [x, c, dy] = [float(g, 'x', 2), float(g, 'c', 2), float(g, 'dy', 2)];
    const y = ops.mul(g, x, ops.maximum(g, c, g.scalar('float32', 1)));
    expect(differentiate(g, [{ of: y, gradient: dy }], [x])).toHaveLength(1);
  });

  it('names a value on which nothing depends', () => {
    const error = errorOf((g) => {
      const [x, unused] = [float(g, 'x', 2), float(g, 'unused', 2)];
      differentiate(g, [{ of: ops.exp(g, x), gradient: float(g, 'dy', 2) }], [x, unused]);
    });
    expect(error.code).toBe('GRAPH_NO_PATH');
    expect(error.facts.where).toBe('graph node unused');
  });

  it('does not pass where it was stopped', () => {
    const error = errorOf((g) => {
      const x = float(g, 'x', 2);
      const y = ops.exp(g, ops.stopGradient(g, x));
      differentiate(g, [{ of: y, gradient: float(g, 'dy', 2) }], [x]);
    });
    expect(error.code).toBe('GRAPH_NO_PATH');
  });

  it('has the shape of its output', () => {
    const error = errorOf((g) => {
      const x = float(g, 'x', 2, 3);
      differentiate(g, [{ of: ops.exp(g, x), gradient: float(g, 'dy', 3) }], [x]);
    });
    expect(error.code).toBe('GRAPH_SHAPE');
    expect(error.facts.where).toContain('layer.3/attention/Exp');
  });
});
