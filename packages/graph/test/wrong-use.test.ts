import { describe, expect, it } from 'vitest';
import { encodeModel, GraphBuilder, ops, type Value } from '@doppio/graph';
import { bool, float, goOn, int, itRefuses, type Wrong } from './errors.js';

/** An operator with inputs that it cannot have. */
const wrongInputs: readonly Wrong[] = [
  ['a sum of truths', 'GRAPH_TYPE', 'Add', (g) => ops.add(g, bool(g, 'a', 2), bool(g, 'b', 2))],
  ['an order of truths', 'GRAPH_TYPE', 'Less', (g) => ops.less(g, bool(g, 'a', 2), bool(g, 'b', 2))],
  ['and of numbers', 'GRAPH_TYPE', 'And', (g) => ops.logicalAnd(g, bool(g, 'a', 2), float(g, 'b', 2))],
  ['or of numbers', 'GRAPH_TYPE', 'Or', (g) => ops.logicalOr(g, float(g, 'a', 2), bool(g, 'b', 2))],
  ['a mean of integers', 'GRAPH_TYPE', 'ReduceMean', (g) => ops.reduceMean(g, int(g, 'a', 2), [0])],
  ['one axis twice', 'GRAPH_RANK', 'ReduceSum', (g) => ops.reduceSum(g, float(g, 'a', 2, 3), [1, -1])],
  ['no axes', 'GRAPH_RANK', 'ReduceMax', (g) => ops.reduceMax(g, float(g, 'a', 2, 3), [])],
  ['half an axis', 'GRAPH_RANK', 'ReduceSum', (g) => ops.reduceSum(g, float(g, 'a', 2, 3), [0.5])],
  ['a softmax of a scalar', 'GRAPH_RANK', 'Softmax', (g) => ops.softmax(g, float(g, 'a'))],
  ['a log-softmax of a scalar', 'GRAPH_RANK', 'LogSoftmax', (g) => ops.logSoftmax(g, float(g, 'a'))],
  [
    'a norm weight of integers',
    'GRAPH_TYPE',
    'RmsNorm',
    (g) => ops.rmsNorm(g, float(g, 'a', 2, 3), int(g, 'w', 3), 1),
  ],
  ['a norm of a scalar', 'GRAPH_RANK', 'RmsNorm', (g) => ops.rmsNorm(g, float(g, 'a'), float(g, 'w', 3), 1)],
  ['rows of a scalar', 'GRAPH_RANK', 'Gather', (g) => ops.gather(g, float(g, 'a'), int(g, 'i', 2))],
  [
    'elements at fractions',
    'GRAPH_TYPE',
    'GatherElements',
    (g) => ops.gatherElements(g, float(g, 'a', 2, 3), float(g, 'i', 2, 1)),
  ],
  [
    'elements of other rows',
    'GRAPH_SHAPE',
    'GatherElements',
    (g) => ops.gatherElements(g, float(g, 'a', 'n', 3), int(g, 'i', 2, 1)),
  ],
  [
    'elements by a vector',
    'GRAPH_RANK',
    'GatherElements',
    (g) => ops.gatherElements(g, float(g, 'a', 2, 3), int(g, 'i', 2)),
  ],
  [
    'an inverse of other rows',
    'GRAPH_SHAPE',
    'PermuteRows',
    (g) => ops.permuteRows(g, float(g, 'a', 2), int(g, 'f', 2), int(g, 'i', 5), false),
  ],
  [
    'row numbers that are none',
    'GRAPH_TYPE',
    'PermuteRows',
    (g) => ops.permuteRows(g, float(g, 'a', 2), float(g, 'f', 2), int(g, 'i', 2), false),
  ],
  [
    'a repetition of two rows',
    'GRAPH_SHAPE',
    'Expand',
    (g) => ops.expand(g, float(g, 'a', 2, 3), int(g, 't', 2), [4, 3]),
  ],
  [
    'a repetition that drops axes',
    'GRAPH_SHAPE',
    'Expand',
    (g) => ops.expand(g, float(g, 'a', 2, 3), int(g, 't', 1), [3]),
  ],
  [
    'a target of another rank',
    'GRAPH_SHAPE',
    'Expand',
    (g) => ops.expand(g, float(g, 'a', 1), int(g, 't', 5), [4]),
  ],
  ['a place far away', 'GRAPH_RANK', 'Unsqueeze', (g) => ops.unsqueeze(g, float(g, 'a', 2), 7)],
  ['a place far before', 'GRAPH_RANK', 'Unsqueeze', (g) => ops.unsqueeze(g, float(g, 'a', 2), -7)],
  ['an axis of 2 dropped', 'GRAPH_SHAPE', 'Squeeze', (g) => ops.squeeze(g, float(g, 'a', 2, 1), 0)],
  [
    'bounds that are fractions',
    'GRAPH_TYPE',
    'Slice',
    (g) => ops.slice(g, float(g, 'a', 5), float(g, 's', 1), int(g, 'e', 1), 0, 2),
  ],
  [
    'a slice longer than its source',
    'GRAPH_SHAPE',
    'Slice',
    (g) => ops.slice(g, float(g, 'a', 5), int(g, 's', 1), int(g, 'e', 1), 0, 9),
  ],
  ['a part below 0', 'GRAPH_SHAPE', 'Split', (g) => ops.split(g, float(g, 'a', 5), [-1, 6], 0)],
  ['no parts', 'GRAPH_SHAPE', 'Split', (g) => ops.split(g, float(g, 'a', 0), [], 0)],
  [
    'fewer sizes than parts',
    'GRAPH_SHAPE',
    'Split',
    (g) => ops.splitBy(g, float(g, 'a', 5), int(g, 's', 3), ['n', 'm'], 0),
  ],
  [
    'parts of computed sizes that cannot add up',
    'GRAPH_SHAPE',
    'Split',
    (g) => ops.splitBy(g, float(g, 'a', 5), int(g, 's', 2), [2, 2], 0),
  ],
  [
    'a joined extent that is not the sum',
    'GRAPH_SHAPE',
    'Concat',
    (g) => ops.concat(g, [float(g, 'a', 2), float(g, 'b', 3)], 0, 7),
  ],
  [
    'a reshape that leaves a rest',
    'GRAPH_SHAPE',
    'Reshape',
    (g) => ops.reshape(g, float(g, 'a', 7), ['n', 2]),
  ],
  ['a reshape to -1', 'GRAPH_SHAPE', 'Reshape', (g) => ops.reshape(g, float(g, 'a', 6), [-1, 2])],
  [
    'a reshape of what is beside a name',
    'GRAPH_SHAPE',
    'Reshape',
    (g) => ops.reshape(g, float(g, 'a', 'n', 6), ['n', 5]),
  ],
  [
    'a computed shape of another rank',
    'GRAPH_SHAPE',
    'Reshape',
    (g) => ops.reshapeTo(g, float(g, 'a', 6), int(g, 's', 3), ['n', 'm']),
  ],
  [
    'a computed shape of another size',
    'GRAPH_SHAPE',
    'Reshape',
    (g) => ops.reshapeTo(g, float(g, 'a', 6), int(g, 's', 2), [2, 2]),
  ],
  [
    'one axis of a transpose twice, once from the end',
    'GRAPH_RANK',
    'Transpose',
    (g) => ops.transpose(g, float(g, 'a', 2, 3), [-1, 1]),
  ],
  [
    'positions of other tokens',
    'GRAPH_SHAPE',
    'Rotary',
    (g) =>
      ops.rotary(g, float(g, 'x', 'n', 8), int(g, 'p', 'm'), float(g, 'c', 9, 2), float(g, 's', 9, 2), 4),
  ],
  [
    'rotary tables of another head size',
    'GRAPH_SHAPE',
    'Rotary',
    (g) =>
      ops.rotary(g, float(g, 'x', 'n', 8), int(g, 'p', 'n'), float(g, 'c', 9, 3), float(g, 's', 9, 3), 4),
  ],
  [
    'rotary tables of two lengths',
    'GRAPH_SHAPE',
    'Rotary',
    (g) =>
      ops.rotary(g, float(g, 'x', 'n', 8), int(g, 'p', 'n'), float(g, 'c', 9, 2), float(g, 's', 8, 2), 4),
  ],
  [
    'a rotation of integers',
    'GRAPH_TYPE',
    'Rotary',
    (g) => ops.rotary(g, int(g, 'x', 'n', 8), int(g, 'p', 'n'), float(g, 'c', 9, 2), float(g, 's', 9, 2), 4),
  ],
];

type Body = (body: GraphBuilder, iteration: Value, carried: readonly Value[]) => ops.LoopBody;
const looped = (g: GraphBuilder, build: Body, extents: (number | string)[][] = []): unknown =>
  ops.loop(g, int(g, 'trips'), [float(g, 'a', 2)], extents, build);

const wrongLoops: readonly Wrong[] = [
  [
    'trips of a vector',
    'GRAPH_RANK',
    'Loop',
    (g) =>
      ops.loop(g, int(g, 'trips', 1), [], [], (b, i) => ({ continue: goOn(b, i), carried: [], scanned: [] })),
  ],
  [
    'a condition of numbers',
    'GRAPH_TYPE',
    'Loop',
    (g) => looped(g, (_, i, carried) => ({ continue: i, carried, scanned: [] })),
  ],
  [
    'a carried value that grows unsaid',
    'GRAPH_SHAPE',
    'Loop',
    (g) =>
      looped(g, (b, i, [a]) => ({
        continue: goOn(b, i),
        carried: [ops.concat(b, [a as Value, a as Value], 0)],
        scanned: [],
      })),
  ],
  [
    'a carried value of another rank than said',
    'GRAPH_RANK',
    'Loop',
    (g) => looped(g, (b, i, carried) => ({ continue: goOn(b, i), carried, scanned: [] }), [['n', 'm']]),
  ],
  [
    'a carried value that is dropped',
    'GRAPH_SHAPE',
    'Loop',
    (g) => looped(g, (b, i) => ({ continue: goOn(b, i), carried: [], scanned: [] })),
  ],
];

/** Values where they are not, and names that are taken. */
const wrongPlaces: readonly Wrong[] = [
  [
    'an input of another graph',
    'GRAPH_FOREIGN',
    'Exp',
    (g) => ops.exp(g, float(new GraphBuilder('other'), 'a', 2)),
  ],
  [
    'a result of another graph',
    'GRAPH_FOREIGN',
    'Add',
    (g) => {
      const other = new GraphBuilder('other');
      return ops.add(g, float(g, 'a', 2), ops.exp(other, float(other, 'a', 2)));
    },
  ],
  [
    'an output of another graph',
    'GRAPH_FOREIGN',
    'y',
    (g) => {
      g.output('y', float(new GraphBuilder('other'), 'a', 2));
    },
  ],
  [
    'what a loop computed, outside of it',
    'GRAPH_FOREIGN',
    'Exp',
    (g) => {
      let leak: Value | undefined;
      looped(g, (b, i, carried) => {
        leak = ops.exp(b, carried[0] as Value);
        return { continue: goOn(b, i), carried, scanned: [] };
      });
      return ops.exp(g, leak as Value);
    },
  ],
  [
    'two outputs of one name',
    'GRAPH_DUPLICATE',
    'y',
    (g) => {
      const a = ops.exp(g, float(g, 'a', 2));
      g.output('y', a);
      g.output('y', a);
    },
  ],
  [
    'an output of the name of an input',
    'GRAPH_DUPLICATE',
    'a',
    (g) => {
      g.output('a', ops.exp(g, float(g, 'a', 2)));
    },
  ],
];

describe('an operator of wrong inputs', () => {
  itRefuses(wrongInputs);
});

describe('a loop that cannot be', () => {
  itRefuses(wrongLoops);
});

describe('a value in a wrong place', () => {
  itRefuses(wrongPlaces);
});

it('a graph with more constants than a file can hold is refused', () => {
  const g = new GraphBuilder('large');
  const data = new Float32Array(2 ** 27); // never touched, and counted four times
  for (const name of ['a', 'b', 'c', 'd'])
    g.output(`${name} out`, g.initializer(name, 'float32', [2 ** 27], data));
  expect(() => encodeModel(g.finish())).toThrow(/GRAPH_TOO_LARGE[^]*graph large[^]*2147483648 bytes/);
});

describe('names', () => {
  it('that are made up never meet one that was typed', () => {
    const g = new GraphBuilder('names');
    const x = float(g, 'Exp_1', 2);
    const made = [ops.exp(g, x), ops.exp(g, x), ops.exp(g, x)].map(({ name }) => name);
    expect(new Set([...made, x.name]).size).toBe(4);
    g.output('Exp_9', ops.neg(g, x));
    expect(Array.from({ length: 9 }, () => ops.exp(g, x).name)).not.toContain('Exp_9');
  });

  it('of equal constants are one, but 0 is not -0', () => {
    const g = new GraphBuilder('constants');
    expect(g.scalar('float32', 0)).toBe(g.scalar('float32', 0));
    expect(g.scalar('float32', 0)).not.toBe(g.scalar('float32', -0));
  });
});
