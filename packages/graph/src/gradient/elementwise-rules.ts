import * as op from '../ops/index.js';
import type { Value } from '../types.js';
import { unbroadcast } from './broadcast.js';
import type { GradientRule } from './rule.js';

export const elementwiseRules: Readonly<Record<string, GradientRule>> = {
  Add: ({ g, dy, needs, input }) => [
    needs(0) ? unbroadcast(g, dy, input(0)) : undefined,
    needs(1) ? unbroadcast(g, dy, input(1)) : undefined,
  ],
  Sub: ({ g, dy, needs, input }) => [
    needs(0) ? unbroadcast(g, dy, input(0)) : undefined,
    needs(1) ? unbroadcast(g, op.neg(g, dy), input(1)) : undefined,
  ],
  Mul: ({ g, dy, needs, input }) => [
    needs(0) ? unbroadcast(g, op.mul(g, dy, input(1)), input(0)) : undefined,
    needs(1) ? unbroadcast(g, op.mul(g, dy, input(0)), input(1)) : undefined,
  ],
  Div: ({ g, dy, needs, input, output }) => {
    const perUnit = op.div(g, dy, input(1));
    return [
      needs(0) ? unbroadcast(g, perUnit, input(0)) : undefined,
      needs(1) ? unbroadcast(g, op.neg(g, op.mul(g, perUnit, output(0))), input(1)) : undefined,
    ];
  },
  Neg: ({ g, dy }) => [op.neg(g, dy)],
  Exp: ({ g, dy, output }) => [op.mul(g, dy, output(0))],
  Log: ({ g, dy, input }) => [op.div(g, dy, input(0))],
  Sqrt: ({ g, dy, output }) => [op.div(g, op.mul(g, dy, g.scalar('float32', 0.5)), output(0))],
  // y (1 - y) as y - y^2: one pass less than building 1 - y from a broadcast constant.
  Sigmoid: ({ g, dy, output }) => [op.mul(g, dy, op.sub(g, output(0), op.mul(g, output(0), output(0))))],
  Tanh: ({ g, dy, output }) => [op.sub(g, dy, op.mul(g, dy, op.mul(g, output(0), output(0))))],
  // d(x s(a x)) = s + a x s (1 - s) = s + a y (1 - s), with a = 1 for silu: s + y - y s
  QuickGelu: ({ g, dy, input, output, number }) => {
    const alpha = number('alpha', 1.702);
    const scaled = (x: Value): Value => (alpha === 1 ? x : op.mul(g, x, g.scalar('float32', alpha)));
    const s = op.sigmoid(g, scaled(input(0)));
    const y = scaled(output(0));
    return [op.mul(g, dy, op.sub(g, op.add(g, s, y), op.mul(g, y, s)))];
  },
  Where: ({ g, dy, needs, input }) => {
    const zero = g.scalar('float32', 0);
    return [
      undefined,
      needs(1) ? unbroadcast(g, op.where(g, input(0), dy, zero), input(1)) : undefined,
      needs(2) ? unbroadcast(g, op.where(g, input(0), zero, dy), input(2)) : undefined,
    ];
  },
};
