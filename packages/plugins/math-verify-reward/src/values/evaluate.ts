import { treeKey } from '../answer/tree.js';
import type { Expression, PowerExpression, SeriesExpression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { bitLength, EXPONENT_LIMIT, integerIn, magnitude, signOfBall } from './ball.js';
import {
  addComplex,
  COMPLEX_ONE,
  COMPLEX_ZERO,
  type ComplexBall,
  complexOf,
  expComplex,
  IMAGINARY_UNIT,
  integerPowerOfComplex,
  invertComplex,
  isReal,
  multiplyComplex,
  negateComplex,
  powerOfComplex,
  realBall,
  rootOfComplex,
} from './complex-ball.js';
import { piBall } from './elementary.js';
import { eulerGammaBall } from './euler-gamma.js';
import { exactValue, MOST_TERMS } from './exact-value.js';
import { callAt } from './functions.js';
import { hashOf, mix } from './pseudo-random.js';
import { isInteger } from './rational.js';
import { scalarForm } from './scalar-form.js';

/** One evaluation: what symbols are worth, how precisely, and what it has met on the way. */
export interface Evaluation {
  readonly point: ReadonlyMap<string, ComplexBall>;
  readonly bits: number;
  readonly budget: Budget;
  /** Functions and powers of real numbers that are not real have no value. */
  readonly real: boolean;
  /** All terms of sums so far were at most 2^largest: what a difference of zero is measured by. */
  largest: number;
  /** Steps that one addition or multiplication costs at this precision. */
  readonly unit: number;
}

export function evaluation(
  point: ReadonlyMap<string, ComplexBall>,
  bits: number,
  budget: Budget,
  real: boolean,
): Evaluation {
  return { point, bits, budget, real, largest: -Infinity, unit: 2 + bits / 64 };
}

/** Value of `e` with its symbols as given, to about `bits` bits; nothing where it has none or is not known to. */
export function evaluate(
  e: Expression,
  point: ReadonlyMap<string, ComplexBall>,
  bits: number,
  budget: Budget,
): ComplexBall | undefined {
  const form = scalarForm(e, budget);
  return form && evaluateForm(form, evaluation(point, bits, budget, false));
}

/** The same for a scalar form. */
export function evaluateForm(e: Expression, at: Evaluation, depth = 0): ComplexBall | undefined {
  at.budget.spend(at.unit);
  at.budget.allowNesting(depth);
  switch (e.kind) {
    case 'number':
      return complexOf(e.value, at.bits);
    case 'constant':
      return constantAt(e.name, at);
    case 'symbol':
      return at.point.get(e.name);
    case 'sum': {
      let result = COMPLEX_ZERO;
      for (const term of e.terms) {
        const value = evaluateForm(term, at, depth + 1);
        if (value === undefined) return undefined;
        at.largest = Math.max(at.largest, magnitude(value.re), magnitude(value.im));
        result = addComplex(result, value, at.bits);
      }
      return result;
    }
    case 'product': {
      let result = COMPLEX_ONE;
      for (const factor of e.factors) {
        const value = evaluateForm(factor, at, depth + 1);
        if (value === undefined) return undefined;
        at.budget.spend(at.unit);
        result = multiplyComplex(result, value, at.bits);
        if (Math.abs(result.re.e) > EXPONENT_LIMIT || Math.abs(result.im.e) > EXPONENT_LIMIT)
          return undefined;
      }
      return result;
    }
    case 'power':
      return realIfAsked(powerAt(e, at, depth), at);
    case 'call': {
      const args = allOf(e.args, at, depth);
      return args && realIfAsked(callAt(e, args, at), at);
    }
    case 'application': {
      const args = allOf(e.args, at, depth);
      return args && pseudoRandomValue(e.name, args, at.bits);
    }
    case 'series':
      return seriesAt(e, at, depth);
    case 'opaque':
      return opaqueAt(e.head, e.parts, at, depth);
    default:
      return undefined;
  }
}

function allOf(parts: readonly Expression[], at: Evaluation, depth: number): ComplexBall[] | undefined {
  const values: ComplexBall[] = [];
  for (const part of parts) {
    const value = evaluateForm(part, at, depth + 1);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function realIfAsked(value: ComplexBall | undefined, at: Evaluation): ComplexBall | undefined {
  return value === undefined || !at.real || isReal(value) ? value : undefined;
}

function constantAt(name: string, at: Evaluation): ComplexBall | undefined {
  switch (name) {
    case 'pi':
      return realBall(piBall(at.bits));
    case 'e':
      at.budget.spend(20 * at.unit);
      return expComplex(COMPLEX_ONE, at.bits);
    case 'i':
      return IMAGINARY_UNIT;
    case 'euler-gamma':
      return realBall(eulerGammaBall(at.bits));
    default:
      return undefined;
  }
}

function powerAt(e: PowerExpression, at: Evaluation, depth: number): ComplexBall | undefined {
  const { bits, budget } = at;
  if (e.base.kind === 'constant' && e.base.name === 'e') {
    const exponent = evaluateForm(e.exponent, at, depth + 1);
    budget.spend(60 * at.unit);
    return exponent && expComplex(exponent, bits);
  }
  const base = evaluateForm(e.base, at, depth + 1);
  if (base === undefined) return undefined;
  const exponent = exactValue(e.exponent, budget, depth + 1);
  if (exponent !== undefined && (isInteger(exponent) || (e.root === true && exponent.d % 2n === 1n))) {
    const sign = isReal(base) ? signOfBall(base.re) : undefined;
    if (isInteger(exponent)) return integerPowerAt(base, exponent.n, at);
    if (sign === -1) {
      budget.spend(120 * at.unit);
      const size = powerOfComplex(negateComplex(base), complexOf(exponent, bits), bits);
      return size && (exponent.n % 2n === 0n ? size : negateComplex(size));
    }
  }
  if (exponent !== undefined && exponent.d === 2n) {
    budget.spend(10 * at.unit);
    const root = rootOfComplex(base, bits + 4);
    if (root === undefined || exponent.n === 1n) return root;
    return exponent.n === -1n ? invertComplex(root, bits) : integerPowerAt(root, exponent.n, at);
  }
  const value = exponent ? complexOf(exponent, bits) : evaluateForm(e.exponent, at, depth + 1);
  if (value === undefined) return undefined;
  const whole = isReal(value) ? integerIn(value.re) : undefined;
  if (whole !== undefined && (whole < 0n ? -whole : whole) < 65_536n) return integerPowerAt(base, whole, at);
  budget.spend(120 * at.unit);
  return powerOfComplex(base, value, bits);
}

function integerPowerAt(base: ComplexBall, n: bigint, at: Evaluation): ComplexBall | undefined {
  const length = bitLength(n);
  if (length > 256) {
    at.budget.spend(120 * at.unit);
    return powerOfComplex(base, complexOf({ n, d: 1n }, at.bits), at.bits);
  }
  at.budget.spend(at.unit * (isReal(base) ? 3 : 10) * length);
  if (n === 0n && magnitude(base.re) === -Infinity && magnitude(base.im) === -Infinity) return undefined;
  return integerPowerOfComplex(base, n, at.bits);
}

function seriesAt(e: SeriesExpression, at: Evaluation, depth: number): ComplexBall | undefined {
  const from = evaluateForm(e.from, at, depth + 1);
  const to = evaluateForm(e.to, at, depth + 1);
  const first = from && isReal(from) ? integerIn(from.re) : undefined;
  const last = to && isReal(to) ? integerIn(to.re) : undefined;
  if (first === undefined || last === undefined || last - first >= BigInt(MOST_TERMS)) return undefined;
  const point = new Map(at.point);
  const inner: Evaluation = { ...at, point };
  let result = e.operation === 'sum' ? COMPLEX_ZERO : COMPLEX_ONE;
  for (let k = first; k <= last; k += 1n) {
    point.set(e.index, complexOf({ n: k, d: 1n }, at.bits));
    const value = evaluateForm(e.body, inner, depth + 1);
    if (value === undefined) return undefined;
    inner.largest = Math.max(inner.largest, magnitude(value.re));
    result = (e.operation === 'sum' ? addComplex : multiplyComplex)(result, value, at.bits);
  }
  at.largest = Math.max(at.largest, inner.largest);
  return result;
}

/**
 * A number from 1/2 to 5/2 that depends on the name and the arguments, rounded to 2^-56, and on nothing else: equal
 * arguments give equal values, different ones practically never do.
 */
function pseudoRandomValue(
  name: string,
  args: readonly ComplexBall[],
  bits: number,
): ComplexBall | undefined {
  let hash = hashOf(name);
  for (const arg of args) {
    for (const part of [arg.re, arg.im]) {
      const scaled = integerNear({ ...part, e: part.e + 56 });
      if (scaled === undefined) return undefined;
      hash = hashOf(scaled.toString(36), mix(hash, 1));
    }
  }
  const n = (BigInt(hash) << 32n) | BigInt(mix(hash, 7));
  return complexOf({ n: (1n << 63n) + 2n * n, d: 1n << 64n }, bits);
}

/** The integer nearest to all of a ball, or nothing where it is not the same for all. */
function integerNear(a: ComplexBall['re']): bigint | undefined {
  if (magnitude(a) > 2048) return undefined;
  const nearest = (m: bigint): bigint =>
    a.e >= 0
      ? m << BigInt(a.e)
      : (m + (1n << BigInt(Math.min(4096, -a.e) - 1))) >> BigInt(Math.min(4096, -a.e));
  const r = BigInt(a.r);
  const low = nearest(a.m - r);
  return low === nearest(a.m + r) ? low : undefined;
}

function opaqueAt(
  head: string,
  parts: readonly Expression[],
  at: Evaluation,
  depth: number,
): ComplexBall | undefined {
  const values: ComplexBall[] = [];
  let name = `opaque ${head}`;
  for (const part of parts) {
    const value = evaluateForm(part, at, depth + 1);
    if (value === undefined) name += ` ${treeKey(part)}`;
    else values.push(value);
  }
  return pseudoRandomValue(`${name} ${String(values.length)}`, values, at.bits);
}
