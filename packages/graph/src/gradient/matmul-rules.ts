import { matmul } from '../ops/matmul.js';
import type { Node } from '../types.js';
import { unbroadcast } from './broadcast.js';
import type { GradientRule } from './rule.js';

function intAttribute(node: Node, name: string): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'int' || attribute?.kind === 'float' ? attribute.value : 0;
}

/** For C = alpha op(A) op(B): dop(A) = alpha dC op(B)^T, dop(B) = alpha op(A)^T dC, transposed back where needed. */
const rule: GradientRule = ({ g, node, dy, needs, input }) => {
  const [a, b] = [input(0), input(1)];
  const fused = node.op === 'FusedMatMul';
  const ta = fused && intAttribute(node, 'transA') === 1;
  const tb = fused && intAttribute(node, 'transB') === 1;
  const alpha = fused ? intAttribute(node, 'alpha') : 1;
  const da = () =>
    ta ? matmul(g, b, dy, { transA: tb, transB: true, alpha }) : matmul(g, dy, b, { transB: !tb, alpha });
  const db = () =>
    tb ? matmul(g, dy, a, { transA: true, transB: ta, alpha }) : matmul(g, a, dy, { transA: !ta, alpha });
  return [needs(0) ? unbroadcast(g, da(), a) : undefined, needs(1) ? unbroadcast(g, db(), b) : undefined];
};

export const matmulRules: Readonly<Record<string, GradientRule>> = { MatMul: rule, FusedMatMul: rule };
