import { describe, expect, it } from 'vitest';
import {
  differentiate,
  gradientRules,
  GraphBuilder,
  ops,
  type GradientRule,
  type Value,
} from '@doppio/graph';
import { errorOf, float, goOn, int, itRefuses, type Wrong } from './errors.js';

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
  ['an input without a name', 'GRAPH_DUPLICATE', '', (g) => float(g, '', 2)],
  ['an extent below 0', 'GRAPH_SHAPE', 'x', (g) => float(g, 'x', -2)],
  ['half an extent', 'GRAPH_SHAPE', 'x', (g) => float(g, 'x', 2.5)],
  ['an unknown element type', 'GRAPH_TYPE', 'x', (g) => g.input('x', 'float16' as never, [2])],
  [
    'a cast to an unknown type',
    'GRAPH_TYPE',
    'Cast',
    (g) => ops.cast(g, float(g, 'x', 2), 'float64' as never),
  ],
  ['a fraction as an integer', 'GRAPH_TYPE', 'const', (g) => g.scalar('int64', 0.5)],
];
describe('a graph that cannot be', () => {
  itRefuses(wrong);
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

  it('names a loop whose body captures what is differentiated', () => {
    // Forgotten, the gradient would be that of the other path alone.
    const error = errorOf((g) => {
      const x = float(g, 'x', 2);
      const { carried } = ops.loop(g, int(g, 'trips'), [float(g, 'a', 2)], [], (b, i, [a]) => ({
        continue: goOn(b, i),
        carried: [ops.mul(b, a as Value, x)],
        scanned: [],
      }));
      differentiate(g, [{ of: ops.add(g, x, carried[0] as Value), gradient: float(g, 'dy', 2) }], [x]);
    });
    expect(error.code).toBe('GRAPH_NO_RULE');
    expect(error.facts.where).toBe('graph node layer.3/attention/Loop');
  });

  it('names a reduction over axes that are computed', () => {
    const error = errorOf((g) => {
      const x = float(g, 'x', 2);
      const y = g.emit1('ReduceSum', [x, int(g, 'axes', 1)], 'float32', [1]);
      differentiate(g, [{ of: y, gradient: float(g, 'dy', 1) }], [x]);
    });
    expect(error.code).toBe('GRAPH_NO_RULE');
    expect(error.facts.where).toBe('graph node layer.3/attention/ReduceSum');
  });

  it('names values that are not floats, or not of the graph', () => {
    const by = (wrt: (g: GraphBuilder) => Value): string =>
      errorOf((g) => {
        const x = float(g, 'x', 2);
        differentiate(g, [{ of: ops.exp(g, x), gradient: float(g, 'dy', 2) }], [x, wrt(g)]);
      }).code;
    expect(by((g) => int(g, 'i', 2))).toBe('GRAPH_TYPE');
    expect(by(() => float(new GraphBuilder('other'), 'z', 2))).toBe('GRAPH_FOREIGN');
    const from = (cotangent: (g: GraphBuilder) => Value): string =>
      errorOf((g) => {
        const x = float(g, 'x', 2);
        differentiate(g, [{ of: ops.exp(g, x), gradient: cotangent(g) }], [x]);
      }).code;
    expect(from((g) => int(g, 'dy', 2))).toBe('GRAPH_TYPE');
    expect(from(() => float(new GraphBuilder('other'), 'dy', 2))).toBe('GRAPH_FOREIGN');
  });

  it('names the operator whose rule gives another shape than its input has', () => {
    const rules = gradientRules as Record<string, GradientRule>;
    try {
      rules['Abs'] = ({ g, dy }) => [ops.reduceSum(g, dy, [0])];
      const error = errorOf((g) => {
        const x = float(g, 'x', 2);
        const y = g.emit1('Abs', [x], 'float32', x.shape);
        differentiate(g, [{ of: y, gradient: float(g, 'dy', 2) }], [x]);
      });
      expect(error.code).toBe('GRAPH_SHAPE');
      expect(error.facts.where).toBe('graph node layer.3/attention/Abs');
      expect(error.facts.seen).toBe('float32 [] for float32 [2]');
    } finally {
      delete rules['Abs'];
    }
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
