import { exact } from '../answer/build.js';
import type { CallExpression, Expression, PowerExpression, SeriesExpression } from '../answer/expression.js';
import { substitute, treeKey } from '../answer/tree.js';
import { callOf } from './canonical-call.js';
import { rationalPowerOf } from './canonical-power.js';
import { exactValue } from './exact-value.js';
import { constant, generated, keyOf, other, rationalIn } from './fractions.js';
import { isInteger, ONE } from './rational.js';
import type { Fraction } from './generator.js';
import type { Ring } from './ring.js';
import { TooLarge } from './too-large.js';
import { symbolicPower } from './symbolic-power.js';

/** A scalar form as a quotient of polynomials; nothing where it has no value. May throw `TooLarge`. */
export function canonical(e: Expression, ring: Ring, depth = 0): Fraction | undefined {
  ring.spend(5);
  ring.budget.allowNesting(depth);
  switch (e.kind) {
    case 'number':
      return constant(e.value);
    case 'constant':
      return named(e.name, ring);
    case 'symbol':
      return generated(
        ring,
        ring.generator(`symbol ${e.name}`, () => ({ kind: 'symbol', expression: e, positive: false })),
      );
    case 'sum':
      return fold(e.terms, ring, depth, (a, b) => ring.add(a, b));
    case 'product':
      return fold(e.factors, ring, depth, (a, b) => ring.times(a, b));
    case 'power':
      return ofPower(e, ring, depth);
    case 'call':
      return ofCall(e, ring, depth);
    case 'application':
      return atom(`application ${e.name}`, e.args, e, ring, depth);
    case 'series':
      return ofSeries(e, ring, depth);
    case 'opaque':
      return atom(`opaque ${e.head}`, e.parts, e, ring, depth);
    default:
      throw new TooLarge();
  }
}

function named(name: string, ring: Ring): Fraction | undefined {
  switch (name) {
    case 'pi':
    case 'e':
      return generated(
        ring,
        ring.generator(name, () => ({
          kind: 'transcendental',
          expression: { kind: 'constant', name },
          positive: true,
        })),
      );
    case 'i':
      return generated(ring, ring.imaginary());
    case 'euler-gamma':
      return generated(
        ring,
        ring.generator(name, () => ({
          kind: 'other',
          expression: { kind: 'constant', name },
          positive: true,
        })),
      );
    default:
      return undefined;
  }
}

function fold(
  parts: readonly Expression[],
  ring: Ring,
  depth: number,
  join: (a: Fraction, b: Fraction) => Fraction | undefined,
): Fraction | undefined {
  let result: Fraction | undefined;
  for (const part of parts) {
    const value = canonical(part, ring, depth + 1);
    if (value === undefined) return undefined;
    result = result === undefined ? value : join(result, value);
    if (result === undefined) return undefined;
  }
  return result ?? constant(ONE);
}

/** Something of which nothing is known but what it was made of. */
function atom(
  head: string,
  args: readonly Expression[],
  e: Expression,
  ring: Ring,
  depth: number,
): Fraction | undefined {
  const keys: string[] = [];
  for (const arg of args) {
    const value = isScalar(arg) ? canonical(arg, ring, depth + 1) : undefined;
    keys.push(value === undefined ? treeKey(arg) : keyOf(value, ring));
  }
  return other(`${head}(${keys.join('; ')})`, e, ring);
}

const SCALAR_KINDS = new Set([
  'number',
  'constant',
  'symbol',
  'sum',
  'product',
  'power',
  'call',
  'application',
  'series',
]);

function isScalar(e: Expression): boolean {
  return SCALAR_KINDS.has(e.kind);
}

function ofPower(e: PowerExpression, ring: Ring, depth: number): Fraction | undefined {
  const base = canonical(e.base, ring, depth + 1);
  if (base === undefined) return undefined;
  const known = exactValue(e.exponent, ring.budget, depth + 1);
  if (known !== undefined) return rationalPowerOf(base, known, e.root === true, ring);
  const exponent = canonical(e.exponent, ring, depth + 1);
  if (exponent === undefined) return undefined;
  const value = rationalIn(exponent);
  return value === undefined
    ? symbolicPower(base, exponent, e, ring)
    : rationalPowerOf(base, value, e.root === true, ring);
}

function ofSeries(e: SeriesExpression, ring: Ring, depth: number): Fraction | undefined {
  const from = exactValue(e.from, ring.budget, depth);
  const to = exactValue(e.to, ring.budget, depth);
  if (from !== undefined && to !== undefined && isInteger(from) && isInteger(to) && to.n - from.n < 40n) {
    let result: Fraction | undefined = constant(e.operation === 'sum' ? { n: 0n, d: 1n } : ONE);
    for (let k = from.n; k <= to.n && result; k += 1n) {
      const term = canonical(substitute(e.body, e.index, exact({ n: k, d: 1n })), ring, depth + 1);
      if (term === undefined) return undefined;
      result = e.operation === 'sum' ? ring.add(result, term) : ring.times(result, term);
    }
    return result;
  }
  const index = `index ${String(depth)}`;
  const body = substitute(e.body, e.index, { kind: 'symbol', name: index });
  return atom(`${e.operation} over ${index}`, [e.from, e.to, body], e, ring, depth);
}

function ofCall(e: CallExpression, ring: Ring, depth: number): Fraction | undefined {
  const value = exactValue(e, ring.budget, depth);
  if (value !== undefined) return constant(value);
  const args: Fraction[] = [];
  for (const arg of e.args) {
    const one = canonical(arg, ring, depth + 1);
    if (one === undefined) return undefined;
    args.push(one);
  }
  return callOf(e, args, ring);
}
