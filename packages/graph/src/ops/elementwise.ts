import type { GraphBuilder } from '../builder.js';
import { broadcastShapes, expectSameType, expectType } from '../shapes.js';
import type { ElementType, Value } from '../types.js';

/** What ONNX Runtime computes with. */
const numbers = ['float32', 'int64', 'int32'] as const;

function binary(g: GraphBuilder, op: string, a: Value, b: Value): Value {
  const path = g.at(op);
  expectType(path, a, ...numbers);
  expectSameType(path, 'operands', a, b);
  return g.emit1(op, [a, b], a.type, broadcastShapes(path, a.shape, b.shape));
}

function compare(g: GraphBuilder, op: string, a: Value, b: Value): Value {
  const path = g.at(op);
  expectType(path, a, ...numbers, ...(op === 'Equal' ? (['bool'] as const) : []));
  expectSameType(path, 'operands', a, b);
  return g.emit1(op, [a, b], 'bool', broadcastShapes(path, a.shape, b.shape));
}

function logical(g: GraphBuilder, op: string, a: Value, b: Value): Value {
  const path = g.at(op);
  expectType(path, a, 'bool');
  expectType(path, b, 'bool');
  return g.emit1(op, [a, b], 'bool', broadcastShapes(path, a.shape, b.shape));
}

function unary(g: GraphBuilder, op: string, x: Value): Value {
  expectType(g.at(op), x, 'float32');
  return g.emit1(op, [x], 'float32', x.shape);
}

export const add = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Add', a, b);
export const sub = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Sub', a, b);
export const mul = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Mul', a, b);
export const div = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Div', a, b);
export const maximum = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Max', a, b);
export const neg = (g: GraphBuilder, x: Value): Value => unary(g, 'Neg', x);
export const exp = (g: GraphBuilder, x: Value): Value => unary(g, 'Exp', x);
export const log = (g: GraphBuilder, x: Value): Value => unary(g, 'Log', x);
export const sqrt = (g: GraphBuilder, x: Value): Value => unary(g, 'Sqrt', x);
export const sigmoid = (g: GraphBuilder, x: Value): Value => unary(g, 'Sigmoid', x);
export const tanh = (g: GraphBuilder, x: Value): Value => unary(g, 'Tanh', x);
export const greater = (g: GraphBuilder, a: Value, b: Value): Value => compare(g, 'Greater', a, b);
export const greaterOrEqual = (g: GraphBuilder, a: Value, b: Value): Value =>
  compare(g, 'GreaterOrEqual', a, b);
export const less = (g: GraphBuilder, a: Value, b: Value): Value => compare(g, 'Less', a, b);
export const equal = (g: GraphBuilder, a: Value, b: Value): Value => compare(g, 'Equal', a, b);

/** x * sigmoid(x), in one pass over memory. */
export function silu(g: GraphBuilder, x: Value): Value {
  expectType(g.at('QuickGelu'), x, 'float32');
  return g.emit1('QuickGelu', [x], 'float32', x.shape, {
    domain: 'com.microsoft',
    attributes: { alpha: { kind: 'float', value: 1 } },
  });
}

export const logicalAnd = (g: GraphBuilder, a: Value, b: Value): Value => logical(g, 'And', a, b);
export const logicalOr = (g: GraphBuilder, a: Value, b: Value): Value => logical(g, 'Or', a, b);

export function logicalNot(g: GraphBuilder, x: Value): Value {
  expectType(g.at('Not'), x, 'bool');
  return g.emit1('Not', [x], 'bool', x.shape);
}

/** Elements of `a` where the condition holds, of `b` elsewhere. */
export function where(g: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  const path = g.at('Where');
  expectType(path, condition, 'bool');
  expectSameType(path, 'branches', a, b);
  return g.emit1(
    'Where',
    [condition, a, b],
    a.type,
    broadcastShapes(path, condition.shape, broadcastShapes(path, a.shape, b.shape)),
  );
}

const onnxTypeIds: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** x as another type; a type that is none is refused where the result is made. */
export function cast(g: GraphBuilder, x: Value, type: ElementType): Value {
  return g.emit1('Cast', [x], type, x.shape, {
    attributes: { to: { kind: 'int', value: onnxTypeIds[type] } },
  });
}

/** Values that differentiation does not pass through. */
export const stopped = new WeakSet<Value>();

/** x, treated as a constant in differentiation. */
export function stopGradient(g: GraphBuilder, x: Value): Value {
  const out = g.emit1('Identity', [x], x.type, x.shape);
  stopped.add(out);
  return out;
}
