import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradientRules, GraphBuilder, ops, type Value } from '@doppio/graph';
import { createRuntimeHost, type RuntimeHost } from '@doppio/runtime';
import { checkGradients, type BuildChecked, type GradientCheckInput } from '@doppio/testing';

let host: RuntimeHost;
beforeAll(async () => {
  host = await createRuntimeHost({ name: 'gradient rules', threads: 1 });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

/** Values between -1 and 1 that repeat nowhere. */
function floats(
  shape: readonly number[],
  declared?: readonly (number | string)[],
  phase = 0,
): GradientCheckInput {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(2.3 * i + 0.7 + phase));
  return { shape, data, ...(declared === undefined ? {} : { declared }) };
}
/** Values between 0.5 and 2. */
function positive(shape: readonly number[], declared?: readonly (number | string)[]): GradientCheckInput {
  const input = floats(shape, declared, 1);
  return { ...input, data: (input.data as Float32Array).map((x) => 1.25 + 0.75 * x) };
}
const constant = (input: GradientCheckInput): GradientCheckInput => ({ ...input, differentiate: false });
const int64 = (
  shape: readonly number[],
  values: readonly number[],
  declared: readonly (number | string)[] = shape,
): GradientCheckInput => ({ shape, declared, data: BigInt64Array.from(values, BigInt) });

interface Case {
  readonly title: string;
  readonly build: BuildChecked<string>;
  readonly inputs: Readonly<Record<string, GradientCheckInput>>;
}
type Build = (g: GraphBuilder, x: Value, y: Value, z: Value) => Value | readonly Value[];
const multiply: Build = (g, x, y) => ops.matmul(g, x, y);
const one = (
  title: string,
  build: Build,
  x: GradientCheckInput,
  y?: GradientCheckInput,
  z?: GradientCheckInput,
): Case => ({
  title,
  build: (g, inputs) => build(g, inputs['x'] as Value, inputs['y'] as Value, inputs['z'] as Value),
  inputs: { x, ...(y === undefined ? {} : { y }), ...(z === undefined ? {} : { z }) },
});

/** Over another axis than the last, as `ops` never makes it. */
const columns = (operator: string): Case =>
  one(
    'columns',
    (g, x) => g.emit1(operator, [x], 'float32', x.shape, { attributes: { axis: { kind: 'int', value: 0 } } }),
    floats([3, 2]),
  );

const angles = Float32Array.from({ length: 12 }, (_, i) => 0.3 * i);
const rotary = {
  positions: int64([3], [5, 0, 2], ['token']),
  cos: { shape: [6, 2], data: angles.map(Math.cos), differentiate: false },
  sin: { shape: [6, 2], data: angles.map(Math.sin), differentiate: false },
};

/** At least one case for each operator that has a rule, by the operator's name. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  Add: [
    one('same shapes', ops.add, floats([2, 3]), floats([2, 3])),
    one('a row, broadcast', ops.add, floats([2, 3]), floats([3])),
    one('both broadcast', ops.add, floats([2, 1, 3]), floats([4, 1])),
    one('a scalar', ops.add, floats([]), floats([2, 3])),
    one('named extents', ops.add, floats([2, 3], ['n', 3]), floats([2, 1], ['n', 1])),
    one('x twice', (g, x) => ops.add(g, x, x), floats([3])),
  ],
  Sub: [
    one('same shapes', ops.sub, floats([2, 3]), floats([2, 3])),
    one('both broadcast', ops.sub, floats([2, 1]), floats([1, 3])),
  ],
  Mul: [
    one('same shapes', ops.mul, floats([2, 3]), floats([2, 3])),
    one('both broadcast', ops.mul, floats([2, 1, 3]), floats([4, 1])),
    one('two named extents', ops.mul, floats([2, 3], ['n', 'm']), floats([3], ['m'])),
    one('x squared', (g, x) => ops.mul(g, x, x), floats([3])),
    one('a scalar', ops.mul, floats([2, 3]), floats([])),
  ],
  Div: [
    one('same shapes', ops.div, floats([2, 3]), positive([2, 3])),
    one('both broadcast', ops.div, floats([2, 1]), positive([1, 3])),
  ],
  Neg: [one('values', ops.neg, floats([4]))],
  Exp: [one('values', ops.exp, floats([4]))],
  Log: [one('values', ops.log, positive([4]))],
  Sqrt: [one('values', ops.sqrt, positive([4]))],
  Sigmoid: [one('values', (g, x) => ops.sigmoid(g, ops.mul(g, x, g.scalar('float32', 3))), floats([6]))],
  Tanh: [one('values', ops.tanh, floats([4]))],
  QuickGelu: [
    one('silu', (g, x) => ops.silu(g, ops.mul(g, x, g.scalar('float32', 3))), floats([6])),
    ...[1.7, undefined].map((alpha) =>
      one(
        `alpha ${alpha === undefined ? 'left out' : String(alpha)}`,
        (g, x) =>
          g.emit1('QuickGelu', [x], 'float32', x.shape, {
            domain: 'com.microsoft',
            attributes: alpha === undefined ? {} : { alpha: { kind: 'float', value: alpha } },
          }),
        floats([6]),
      ),
    ),
  ],
  Where: [
    one('a condition of another shape', (g, x, y, z) => ops.where(g, z, x, y), floats([2, 3]), floats([3]), {
      shape: [2, 1],
      data: Uint8Array.of(1, 0),
      type: 'bool',
      differentiate: false,
    }),
    one(
      'one branch constant',
      (g, x, y) => ops.where(g, ops.less(g, y, g.scalar('float32', 0)), x, g.scalar('float32', 2)),
      floats([5]),
      constant(floats([5], undefined, 3)),
    ),
  ],
  MatMul: [
    one('matrices', multiply, floats([2, 3]), floats([3, 4])),
    one('one weight for a batch', multiply, floats([2, 2, 3]), floats([3, 2])),
    one('both batches broadcast', multiply, floats([2, 1, 2, 3]), floats([3, 3, 2])),
    one('named extents', multiply, floats([2, 3], ['n', 3]), floats([3, 2])),
  ],
  FusedMatMul: [
    ...[0, 1, 2, 3].map((mode) => {
      const [transA, transB] = [(mode & 1) === 1, (mode & 2) === 2];
      return one(
        `transA ${String(transA)}, transB ${String(transB)}`,
        (g, x, y) => ops.matmul(g, x, y, { transA, transB, alpha: 0.5 }),
        floats(transA ? [3, 2] : [2, 3]),
        floats(transB ? [4, 3] : [3, 4]),
      );
    }),
    ...[0, 1, 2, 3].map((mode) => {
      const [transA, transB] = [(mode & 1) === 1, (mode & 2) === 2];
      return one(
        `batch broadcast, transA ${String(transA)}, transB ${String(transB)}`,
        (g, x, y) => ops.matmul(g, x, y, { transA, transB, alpha: -2 }),
        floats(transA ? [2, 3, 2] : [2, 2, 3]),
        floats(transB ? [1, 2, 3] : [1, 3, 2]),
      );
    }),
  ],
  Reshape: [
    one('known extents', (g, x) => ops.reshape(g, x, [3, 2]), floats([2, 3])),
    one('a named extent', (g, x) => ops.reshape(g, x, ['n', 3]), floats([2, 3, 1], ['n', 3, 1])),
    one(
      'two named extents',
      (g, x, y) => ops.reshapeLike(g, x, y),
      floats([2, 3], ['n', 'm']),
      constant(floats([3, 2], ['a', 'b'])),
    ),
  ],
  Unsqueeze: [
    one('inside', (g, x) => ops.unsqueeze(g, x, 1), floats([2, 3])),
    one('from the end', (g, x) => ops.unsqueeze(g, x, -1), floats([2, 3], ['n', 3])),
  ],
  Squeeze: [one('inside', (g, x) => ops.squeeze(g, x, 1), floats([2, 1, 3], ['n', 1, 'm']))],
  Identity: [one('values', (g, x) => g.emit1('Identity', [ops.exp(g, x)], x.type, x.shape), floats([3]))],
  Expand: [
    one(
      'known extents',
      (g, x) => ops.expand(g, x, g.constant('int64', [3], [4, 2, 3]), [4, 2, 3]),
      floats([2, 1]),
    ),
    one(
      'to the shape of another value',
      (g, x, y) => ops.expand(g, x, ops.shapeOf(g, y), y.shape),
      floats([1, 3]),
      constant(floats([2, 3], ['n', 3])),
    ),
  ],
  Transpose: [
    one('a cycle of three axes', (g, x) => ops.transpose(g, x, [1, 2, 0]), floats([2, 3, 2])),
    one('named extents', (g, x) => ops.transpose(g, x, [1, 0]), floats([2, 3], ['n', 'm'])),
  ],
  Concat: [
    one('rows', (g, x, y) => ops.concat(g, [x, y], 0), floats([2, 2]), floats([1, 2])),
    one('columns', (g, x, y) => ops.concat(g, [x, y, x], -1), floats([2, 2]), floats([2, 1])),
    one(
      'named extents',
      (g, x, y) => ops.concat(g, [x, y], 0, 'both'),
      floats([2, 2], ['n', 2]),
      floats([3, 2], ['m', 2]),
    ),
  ],
  Split: [
    one('all parts used', (g, x) => ops.split(g, x, [1, 2], 1), floats([2, 3])),
    one('one part unused', (g, x) => ops.split(g, x, [1, 1, 2], 0)[1] as Value, floats([4, 2])),
    one('an axis from the end', (g, x) => ops.split(g, x, [2, 1], -1), floats([2, 3], ['n', 3])),
    one(
      'a named extent into known ones, x used again',
      (g, x) => [...ops.split(g, x, [2, 1], 0), ops.exp(g, x)],
      floats([3, 2], ['n', 2]),
    ),
    one(
      'sizes computed in the graph',
      (g, x, y) => ops.splitBy(g, x, y, ['n', 'm'], 0),
      floats([5, 2], ['all', 2]),
      int64([2], [3, 2]),
    ),
  ],
  Gather: [
    one(
      'rows, one of them twice',
      (g, x, y) => ops.gather(g, x, y),
      floats([3, 2]),
      int64([4], [2, 0, 2, 2]),
    ),
    one('indices of two axes', (g, x, y) => ops.gather(g, x, y), floats([3, 2]), int64([2, 2], [2, 0, 2, 1])),
    one('int32 indices', (g, x, y) => ops.gather(g, x, y), floats([3, 2]), {
      shape: [2],
      data: Int32Array.of(2, 2),
    }),
    one(
      'all rows permuted',
      (g, x, y, z) => ops.permuteRows(g, x, y, z, false),
      floats([3, 2]),
      int64([3], [2, 0, 1]),
      int64([3], [1, 2, 0]),
    ),
    one(
      'some rows left out',
      (g, x, y, z) => ops.permuteRows(g, x, y, z, true),
      floats([4, 2], ['from', 2]),
      int64([2], [3, 1]),
      int64([4], [2, 1, 2, 0], ['from']),
    ),
    one(
      'some rows of a named extent left out',
      (g, x, y, z) => ops.permuteRows(g, x, y, z, true),
      floats([4, 2], ['from', 'm']),
      int64([2], [3, 1]),
      int64([4], [2, 1, 2, 0], ['from']),
    ),
  ],
  GatherElements: [
    one('one of each row', ops.gatherElements, floats([2, 3]), int64([2, 1], [2, 0])),
    one('one element twice', ops.gatherElements, floats([2, 3]), int64([2, 2], [1, 1, 0, 2])),
  ],
  ReduceSum: [
    one('an axis', (g, x) => ops.reduceSum(g, x, [1]), floats([2, 3, 2])),
    one('axes kept', (g, x) => ops.reduceSum(g, x, [0, -1], true), floats([2, 3, 2])),
    one('an axis from the end, not kept', (g, x) => ops.reduceSum(g, x, [-1]), floats([2, 3], ['n', 3])),
    one('everything', (g, x) => ops.reduceSum(g, x, [0, 1]), floats([2, 3], ['n', 'm'])),
  ],
  ReduceMean: [
    one('an axis', (g, x) => ops.reduceMean(g, x, [0]), floats([2, 3])),
    one('an axis from the end, not kept', (g, x) => ops.reduceMean(g, x, [-1]), floats([2, 3])),
    one('named axes kept', (g, x) => ops.reduceMean(g, x, [0, 1], true), floats([2, 3, 2], ['n', 'm', 2])),
  ],
  Softmax: [
    one('rows', ops.softmax, floats([2, 4])),
    one('rows of heads', ops.softmax, floats([2, 2, 3], ['head', 'n', 3])),
    columns('Softmax'),
  ],
  LogSoftmax: [one('rows', ops.logSoftmax, floats([2, 4], ['n', 4])), columns('LogSoftmax')],
  SimplifiedLayerNormalization: [
    one('rows', (g, x, y) => ops.rmsNorm(g, x, y, 1e-3), floats([2, 4]), positive([4])),
    one('heads', (g, x, y) => ops.rmsNorm(g, x, y, 1e-3), floats([2, 2, 4], ['n', 2, 4]), positive([4])),
  ],
  RotaryEmbedding: [
    {
      title: 'two heads at shuffled positions',
      build: (g, { x, positions, cos, sin }) =>
        ops.rotary(g, x as Value, positions as Value, cos as Value, sin as Value, 4),
      inputs: { x: floats([3, 8], ['token', 8]), ...rotary },
    },
  ],
};

describe('gradient rules', () => {
  it('have a case each', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(gradientRules).sort());
  });

  for (const [operator, list] of Object.entries(cases)) {
    it.each(list)(`${operator}: $title`, async ({ build, inputs }) => {
      // The case must be about its operator: a helper may take another path for the shapes at hand.
      const g = new GraphBuilder('case');
      const values = Object.entries(inputs).map(([name, { shape, declared, data, type }]) => [
        name,
        g.input(
          name,
          type ?? (data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64'),
          declared ?? shape,
        ),
      ]);
      build(g, Object.fromEntries(values) as Record<string, Value>);
      expect(g.nodes.map(({ op }) => op)).toContain(operator);

      const errors = await checkGradients(host, build, inputs);
      expect(errors.length).toBeGreaterThan(0);
      for (const { largest } of errors) expect(largest).toBeGreaterThan(0.01);
    });
  }

  it('work together: attention of two heads, its input used four times', async () => {
    const build: BuildChecked<'x' | 'q' | 'k' | 'v'> = (g, { x, q, k, v }) => {
      const scores = ops.matmul(g, ops.matmul(g, x, q), ops.matmul(g, x, k), { transB: true, alpha: 0.7 });
      const mixed = ops.matmul(g, ops.softmax(g, scores), ops.silu(g, ops.matmul(g, x, v)));
      return ops.add(g, x, mixed);
    };
    await checkGradients(host, build, {
      x: floats([2, 3, 4], ['head', 'token', 4]),
      q: floats([4, 4], undefined, 1),
      k: floats([4, 4], undefined, 2),
      v: floats([4, 4], undefined, 3),
    });
  });

  it('work together: outputs of which one is computed from the other', async () => {
    const build: BuildChecked<'x'> = (g, { x }) => {
      const y = ops.exp(g, x);
      return [y, ops.mul(g, ops.tanh(g, y), x), ops.reduceSum(g, y, [0])];
    };
    await checkGradients(host, build, { x: floats([3, 2], ['n', 2]) });
  });
});

describe('the check itself', () => {
  it('fails where it checks nothing', async () => {
    const build: BuildChecked<'x'> = (g, { x }) => ops.exp(g, x);
    for (const x of [constant(floats([2])), floats([0])])
      await expect(checkGradients(host, build, { x })).rejects.toThrow(
        /GRADIENT_MISMATCH[^]*nothing to check/,
      );
  });

  it('finds a wrong gradient', async () => {
    const misled: BuildChecked<string> = (g, { x, y, z }) =>
      ops.permuteRows(g, x as Value, y as Value, z as Value, false);
    await expect(
      checkGradients(host, misled, {
        x: floats([3, 2]),
        y: int64([3], [2, 0, 1]),
        z: int64([3], [2, 0, 1]), // not the inverse of y
      }),
    ).rejects.toMatchObject({ code: 'GRADIENT_MISMATCH' });
  });
});
