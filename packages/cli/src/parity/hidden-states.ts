import type { Engine } from '@doppio/onnx-policy';
import { packBatch } from '@doppio/onnx-policy';
import type { HostTensor, TensorRef } from '@doppio/runtime';

/**
 * [layer + 1] of [token, hidden]: what goes into each block of the frozen model, and the last one's output after the
 * final norm.
 */
export async function hiddenStates(
  engine: Engine,
  ids: readonly number[],
  norm: Float32Array,
): Promise<Float32Array[]> {
  const { config, host, sessions } = engine;
  // The last token of a completion predicts nothing and is not computed: one more makes room for all of `ids`.
  const group = {
    promptIds: Int32Array.from(ids.slice(0, 1)),
    completions: [Int32Array.from([...ids.slice(1), 0])],
  };
  const slices = [{ group: 0, first: 0, count: 1 }];
  const packed = packBatch([group], slices, Int32Array.of(0, ids.length), [0], config);
  using parameters = engine.baseParameters();
  const states: TensorRef[] = [
    (await sessions.embedding()).run(
      { 'embed_tokens.weight': parameters.embedding, ids: packed.ids },
      { keep: ['x'] },
    ).kept.x,
  ];
  const session = await sessions.baseForward();
  for (const layer of parameters.layers) {
    const all: Record<string, TensorRef | HostTensor> = {
      x: states.at(-1) as TensorRef,
      ...layer,
      ...packed.attention,
      ...engine.rope.upTo(ids.length),
    };
    const feeds = Object.fromEntries(
      Object.entries(all).filter(([name]) => session.inputNames.includes(name)),
    );
    states.push(session.run(feeds, { keep: ['y'] }).kept.y);
  }
  const values: Float32Array[] = [];
  for (const ref of states) values.push((await host.read(ref, { dispose: true })).data as Float32Array);
  const last = values.pop() as Float32Array;
  return [...values, rmsNorm(last, norm, config.rmsNormEpsilon)];
}

/** x / sqrt(mean(x^2) + epsilon) * weight, row by row; the head's graph has it inside. */
function rmsNorm(values: Float32Array, weight: Float32Array, epsilon: number): Float32Array {
  const size = weight.length;
  return values.map((value, i) => {
    const row = values.subarray(i - (i % size), i - (i % size) + size);
    const mean = row.reduce((sum, x) => sum + x * x, 0) / size;
    return (value / Math.sqrt(mean + epsilon)) * (weight[i % size] as number);
  });
}
