import { encodeModel, GraphBuilder } from '@doppio/graph';

/** y [1] = -x [1]: the smallest model that computes something. */
export function probeModel(): Uint8Array {
  const g = new GraphBuilder('probe');
  const x = g.input('x', 'float32', [1]);
  g.output('y', g.emit1('Neg', [x], 'float32', [1]));
  return encodeModel(g.finish());
}
