import { encodeModel, GraphBuilder, ops } from '@doppio/graph';
import { createRuntimeHost } from '@doppio/runtime';

/** Measured floating-point operations per second of f32 matrix products, the best of several runs. */
export async function measurePeak(): Promise<number> {
  const size = 1024;
  const g = new GraphBuilder('peak');
  const a = g.input('a', 'float32', [size, size]);
  const b = g.initializer('b', 'float32', [size, size], new Float32Array(size * size).fill(0.01));
  g.output('c', ops.reduceSum(g, ops.matmul(g, ops.matmul(g, a, b), b), [0, 1]));
  await using host = await createRuntimeHost({ name: 'peak' });
  await using session = await host.createSession(encodeModel(g.finish()), { name: 'peak' });
  const input = host.upload({
    dtype: 'float32',
    shape: [size, size],
    data: new Float32Array(size * size).fill(0.01),
  });
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 12; run += 1) {
    const started = performance.now();
    await session.run({ a: input }, { read: ['c'] }).read;
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return (2 * 2 * size ** 3) / best;
}
