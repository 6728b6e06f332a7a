import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRuntimeHost, type RuntimeHost } from '@doppio/runtime';
import { encodeModel, encodeModelParts, GraphBuilder, ops, type Graph } from '../src/index.js';

let host: RuntimeHost;
beforeAll(async () => {
  host = await createRuntimeHost({ name: 'external data', threads: 1 });
});
afterAll(async () => {
  await host.dispose();
});

/** y [token, 64] = x [token, 32] w^T + b, with a large matrix and a small vector for constants. */
function affine(): Graph {
  const g = new GraphBuilder('affine');
  const x = g.input('x', 'float32', ['token', 32]);
  // A part of a larger array: what is given must be that part alone.
  const data = Float32Array.from({ length: 64 * 32 + 10 }, (_, i) => Math.sin(i)).subarray(10);
  const w = g.initializer('w', 'float32', [64, 32], data);
  const b = g.initializer('b', 'float32', [64], new Float32Array(64).fill(2));
  g.output('y', ops.add(g, ops.matmul(g, x, w, { transB: true }), b));
  return g.finish();
}

it('computes the same with large constants beside the model file', async () => {
  const graph = affine();
  const parts = encodeModelParts(graph);
  expect(parts.externalData.map(({ path, data }) => [path, data.byteLength])).toEqual([['w', 64 * 32 * 4]]);
  expect(parts.externalData[0]?.data.buffer).toBe(graph.initializers[0]?.data.buffer);
  expect(parts.model.byteLength).toBeLessThan(1000);
  const x = { dtype: 'float32' as const, shape: [3, 32], data: new Float32Array(96).map((_, i) => i / 50) };
  const { externalData } = parts;
  await using inside = await host.createSession(encodeModel(graph), { name: 'inside' });
  await using beside = await host.createSession(parts.model, { name: 'beside', externalData });
  const [a, b] = await Promise.all(
    [inside, beside].map((session) => session.run({ x }, { read: ['y'] }).read),
  );
  expect(b?.['y']?.data).toEqual(a?.['y']?.data);
  expect(a?.['y']?.data[0]).not.toBe(0);
});
