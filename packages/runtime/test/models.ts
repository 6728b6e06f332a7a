import { encodeModel, GraphBuilder } from '@doppio/graph';
import type { ElementType } from '@doppio/graph';

/** y [n] = -x [n], z [n] = |x| */
export function negAbs(): Uint8Array {
  const g = new GraphBuilder('neg-abs');
  const x = g.input('x', 'float32', ['n']);
  g.output('y', g.emit1('Neg', [x], 'float32', ['n']));
  g.output('z', g.emit1('Abs', [x], 'float32', ['n']));
  return encodeModel(g.finish());
}

/** y = x, through a node; any type, any shape of the rank. */
export function identity(type: ElementType, rank: number): Uint8Array {
  const g = new GraphBuilder('identity');
  const shape = Array.from({ length: rank }, (_, axis) => `d${String(axis)}`);
  const x = g.input('x', type, shape);
  g.output('y', g.emit1('Identity', [x], type, shape));
  return encodeModel(g.finish());
}

/** y [m, 3] = a [m, 2] b [2, 3]; `k` names b's first axis instead of fixing it, so that runs can fail. */
export function product(k: number | string = 2): Uint8Array {
  const g = new GraphBuilder('product');
  const a = g.input('a', 'float32', ['m', 2]);
  const b = g.input('b', 'float32', [k, 3]);
  g.output('y', g.emit1('MatMul', [a, b], 'float32', ['m', 3]));
  return encodeModel(g.finish());
}

/** y [n] = tanh(exp x) + tanh(exp x), the two computed apart: what ONNX Runtime merges unless told not to. */
export function twice(): Uint8Array {
  const g = new GraphBuilder('twice');
  const x = g.input('x', 'float32', ['n']);
  const branch = () => g.emit1('Tanh', [g.emit1('Exp', [x], 'float32', ['n'])], 'float32', ['n']);
  g.output('y', g.emit1('Add', [branch(), branch()], 'float32', ['n']));
  return encodeModel(g.finish());
}

/** y [n, n] = x [n, n] to the power of `factors` + 1: takes as long as one likes. */
export function power(factors: number): Uint8Array {
  const g = new GraphBuilder('power');
  const x = g.input('x', 'float32', ['n', 'n']);
  let y = x;
  for (let i = 0; i < factors; i++) y = g.emit1('MatMul', [y, x], 'float32', ['n', 'n']);
  g.output('y', y);
  return encodeModel(g.finish());
}

/**
 * y [2] = x [2] + w [2], where w is bytes 4 to 12 of the external file `weights.bin`. The encoder's
 * external tensors begin at 0, so here are the model's bytes.
 */
export function externalSum(): Uint8Array {
  const bytes =
    'CAo6eAoTCgF4CgF3EgF5GgF5IgNBZGQ6ABIBZyo8CAIQAUIBd2oXCghsb2NhdGlvbhILd2VpZ2h0cy5iaW5qCwoGb2Zmc2V0EgE0' +
    'agsKBmxlbmd0aBIBOHABWg8KAXgSCgoICAESBAoCCAJiDwoBeRIKCggIARIECgIIAkIECgAQFUIRCg1jb20ubWljcm9zb2Z0EAE=';
  return Buffer.from(bytes, 'base64');
}
