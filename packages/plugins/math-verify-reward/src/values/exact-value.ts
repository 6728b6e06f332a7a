import type { CallExpression, Expression, PowerExpression, SeriesExpression } from '../answer/expression.js';
import { substitute } from '../answer/tree.js';
import { sizeOfTree } from './free-symbols.js';
import { exact } from '../answer/build.js';
import type { Budget } from '../budget.js';
import { bitLength } from './ball.js';
import {
  binomial,
  doubleFactorial,
  exactRoot,
  factorial,
  lcm,
  subfactorial,
  totient,
  workOf,
  workOfGcd,
} from './integer-functions.js';
import {
  add,
  bitsOf,
  compareRationals,
  floorOf,
  gcd,
  invert,
  isInteger,
  multiply,
  negate,
  ONE,
  type Rational,
  ZERO,
} from './rational.js';

/** Steps above which one operation on fractions is not worth its exactness: enclosures decide for less. */
const MOST_WORK = 40_000;
/** Sums and products of up to this many terms are added up term by term. */
export const MOST_TERMS = 2000;

/**
 * The value of a scalar form, where arithmetic on fractions alone gives it. Nothing where it has none, is not rational,
 * is too large to write out, or needs more than that (see `rationalOf`).
 */
export function exactValue(e: Expression, budget: Budget, depth = 0): Rational | undefined {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'sum':
      return fold(e.terms, ZERO, add, budget, depth);
    case 'product':
      return fold(e.factors, ONE, multiply, budget, depth);
    case 'power':
      return exactPower(e, budget, depth);
    case 'call':
      return exactCall(e, budget, depth);
    case 'series':
      return exactSeries(e, budget, depth);
    default:
      return undefined;
  }
}

/** Charges for one operation on two fractions, and refuses where the result could be too large to write out. */
function affordable(a: Rational, b: Rational, budget: Budget): boolean {
  const [left, right] = [bitsOf(a), bitsOf(b)];
  if (left + right > 2 * budget.bits + 20_000) return false;
  const multiplication = workOf(left + right);
  const work = a.d === 1n && b.d === 1n ? multiplication : 4 * multiplication + 2 * workOfGcd(left, right);
  if (work > MOST_WORK) return false;
  budget.spend(work);
  return true;
}

function fold(
  parts: readonly Expression[],
  start: Rational,
  join: (a: Rational, b: Rational) => Rational,
  budget: Budget,
  depth: number,
): Rational | undefined {
  budget.allowNesting(depth);
  let result = start;
  for (const part of parts) {
    const value = exactValue(part, budget, depth + 1);
    if (value === undefined || !affordable(result, value, budget)) return undefined;
    result = join(result, value);
  }
  return result;
}

function exactPower(e: PowerExpression, budget: Budget, depth: number): Rational | undefined {
  budget.allowNesting(depth);
  const exponent = exactValue(e.exponent, budget, depth + 1);
  if (exponent === undefined) return undefined;
  const base = exactValue(e.base, budget, depth + 1);
  return base && rationalPower(base, exponent, e.root === true, budget);
}

/** base^exponent where it is rational; the real root where `root` and the index is odd. */
export function rationalPower(
  base: Rational,
  exponent: Rational,
  root: boolean,
  budget: Budget,
): Rational | undefined {
  budget.spend(2);
  if (base.n === 0n) return exponent.n > 0n ? ZERO : undefined;
  if (base.n === 1n && base.d === 1n) return ONE;
  let whole = base;
  if (!isInteger(exponent)) {
    if (exponent.d > 64n) return undefined;
    const index = Number(exponent.d);
    if (base.n < 0n && !(root && index % 2 === 1)) return undefined;
    budget.spend(20 + workOfGcd(bitsOf(base)));
    const n = exactRoot(base.n < 0n ? -base.n : base.n, index);
    const d = n === undefined ? undefined : exactRoot(base.d, index);
    if (n === undefined || d === undefined) return undefined;
    whole = { n: base.n < 0n ? -n : n, d };
  }
  const times = exponent.n < 0n ? -exponent.n : exponent.n;
  if (whole.d === 1n && (whole.n === 1n || whole.n === -1n))
    return whole.n === 1n || times % 2n === 0n ? ONE : whole;
  const bits = bitsOf(whole) * Number(times);
  if (!(bits <= budget.bits + 10_000)) return undefined;
  budget.spend(workOf(bits));
  const power = { n: whole.n ** times, d: whole.d ** times };
  return exponent.n < 0n ? invert(power) : power;
}

function exactCall(e: CallExpression, budget: Budget, depth: number): Rational | undefined {
  budget.spend();
  budget.allowNesting(depth);
  const args: Rational[] = [];
  for (const arg of e.args) {
    const value = exactValue(arg, budget, depth + 1);
    if (value === undefined) return undefined;
    args.push(value);
  }
  const [x, y] = args;
  if (x === undefined) return undefined;
  switch (e.name) {
    case 'abs':
      return x.n < 0n ? negate(x) : x;
    case 'sign':
      return { n: x.n < 0n ? -1n : x.n > 0n ? 1n : 0n, d: 1n };
    case 'floor':
      return { n: floorOf(x), d: 1n };
    case 'min':
      return args.reduce((least, value) => (compareRationals(value, least) < 0 ? value : least));
    case 'max':
      return args.reduce((most, value) => (compareRationals(value, most) > 0 ? value : most));
    case 're':
    case 'conjugate':
      return x;
    case 'im':
      return ZERO;
    case 'arg':
      return x.n > 0n ? ZERO : undefined;
    case 'ln':
    case 'arcsin':
    case 'arctan':
    case 'sin':
      return e.name === 'ln' ? (x.n === 1n && x.d === 1n ? ZERO : undefined) : x.n === 0n ? ZERO : undefined;
    case 'cos':
      return x.n === 0n ? ONE : undefined;
    default:
      break;
  }
  const integers: bigint[] = [];
  for (const value of args) {
    if (!isInteger(value)) return undefined;
    integers.push(value.n);
  }
  const value = integerFunction(e.name, integers, y?.n, budget);
  return value === undefined ? undefined : { n: value, d: 1n };
}

/** Functions that are defined for integers alone. */
export function integerFunction(
  name: CallExpression['name'],
  args: readonly bigint[],
  second: bigint | undefined,
  budget: Budget,
): bigint | undefined {
  const [n] = args;
  if (n === undefined) return undefined;
  switch (name) {
    case 'factorial':
      return factorial(n, budget);
    case 'gamma':
      return n >= 1n ? factorial(n - 1n, budget) : undefined;
    case 'double-factorial':
      return doubleFactorial(n, budget);
    case 'subfactorial':
      return subfactorial(n, budget);
    case 'binomial':
      return second === undefined ? undefined : binomial(n, second, budget);
    case 'totient':
      return totient(n, budget);
    case 'gcd':
    case 'lcm':
      budget.spend(args.reduce((work, arg) => work + workOfGcd(bitLength(arg)) + workOf(bitLength(arg)), 0));
      return args.reduce(name === 'gcd' ? gcd : lcm, name === 'gcd' ? 0n : 1n);
    default:
      return undefined;
  }
}

function exactSeries(e: SeriesExpression, budget: Budget, depth: number): Rational | undefined {
  budget.allowNesting(depth);
  const from = exactValue(e.from, budget, depth + 1);
  const to = exactValue(e.to, budget, depth + 1);
  if (from === undefined || to === undefined || !isInteger(from) || !isInteger(to)) return undefined;
  if (to.n - from.n >= BigInt(MOST_TERMS)) return undefined;
  const size = sizeOfTree(e.body);
  let result = e.operation === 'sum' ? ZERO : ONE;
  for (let k = from.n; k <= to.n; k += 1n) {
    budget.spend(5 + 4 * size);
    const term = exactValue(substitute(e.body, e.index, exact({ n: k, d: 1n })), budget, depth + 1);
    if (term === undefined || !affordable(result, term, budget)) return undefined;
    result = e.operation === 'sum' ? add(result, term) : multiply(result, term);
  }
  return result;
}
