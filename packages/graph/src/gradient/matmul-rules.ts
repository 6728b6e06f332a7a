import { matmul } from '../ops/matmul.js';
import { unbroadcast } from './broadcast.js';
import type { GradientRule } from './rule.js';

/** For C = alpha op(A) op(B): dop(A) = alpha dC op(B)^T, dop(B) = alpha op(A)^T dC, transposed back where needed. */
const rule: GradientRule = ({ g, dy, needs, input, number }) => {
  const [a, b] = [input(0), input(1)];
  const ta = number('transA', 0) === 1;
  const tb = number('transB', 0) === 1;
  const alpha = number('alpha', 1);
  const da = () =>
    ta ? matmul(g, b, dy, { transA: tb, transB: true, alpha }) : matmul(g, dy, b, { transB: !tb, alpha });
  const db = () =>
    tb ? matmul(g, dy, a, { transA: true, transB: ta, alpha }) : matmul(g, a, dy, { transA: !ta, alpha });
  return [needs(0) ? unbroadcast(g, da(), a) : undefined, needs(1) ? unbroadcast(g, db(), b) : undefined];
};

export const matmulRules: Readonly<Record<string, GradientRule>> = { MatMul: rule, FusedMatMul: rule };
