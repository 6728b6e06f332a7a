import type { CallExpression, Expression, FunctionName } from '../../answer/expression.js';
import type { Budget } from '../../budget.js';
import type { Rational } from '../../values/rational.js';
import { gamma } from './gamma.js';

/** A complex number in double precision with a rough bound of its rounding error. */
export interface Approximation {
  readonly re: number;
  readonly im: number;
  readonly error: number;
}

const EPSILON = 2 ** -52;
const LONGEST_SERIES = 2000;

export type Bindings = ReadonlyMap<string, Approximation>;

/** The value of an expression where its symbols are bound; undefined where it has none or a symbol is free. */
export function approximate(
  e: Expression,
  bindings: Bindings,
  budget: Budget,
  depth = 0,
): Approximation | undefined {
  budget.spend();
  budget.allowNesting(depth / 4);
  const inner = (part: Expression): Approximation | undefined =>
    approximate(part, bindings, budget, depth + 1);
  switch (e.kind) {
    case 'number':
      return real(toDouble(e.value));
    case 'constant':
      return CONSTANTS[e.name];
    case 'symbol':
      return bindings.get(e.name);
    case 'sum':
      return fold(e.terms, inner, plus);
    case 'product':
      return fold(e.factors, inner, times);
    case 'power':
      return both(inner(e.base), inner(e.exponent), power);
    case 'percent':
      return both(inner(e.value), real(0.01), times);
    case 'degrees':
      return both(inner(e.value), real(Math.PI / 180), times);
    case 'application':
      return unknownFunction(e.name, e.args.map(inner));
    case 'call':
      return called(e, inner);
    case 'series': {
      const [from, to] = [inner(e.from), inner(e.to)];
      if (from === undefined || to === undefined) return undefined;
      const count = to.re - from.re;
      // Between whole numbers it is what its closed form says, which is not known here.
      if (!(count <= LONGEST_SERIES) || !Number.isInteger(count) || from.im !== 0 || to.im !== 0)
        return undefined;
      let total: Approximation | undefined = real(e.operation === 'sum' ? 0 : 1);
      for (let k = from.re; k <= to.re + 1e-9 && total !== undefined; k++) {
        const term = approximate(e.body, new Map([...bindings, [e.index, real(k)]]), budget, depth + 1);
        total = both(total, term, e.operation === 'sum' ? plus : times);
      }
      return total;
    }
    case 'opaque':
      // Integrals and the like have values of their own: see `compareValues`.
      return CALCULUS.has(e.head) ? undefined : unknownFunction(e.head, e.parts.map(inner));
    default:
      return undefined;
  }
}

const CALCULUS = new Set(['integral', 'limit', 'derivative']);

/** The nearest double of a fraction, however long its parts. */
export function toDouble({ n, d }: Rational): number {
  const [a, b] = [Number(n), Number(d)];
  if (Number.isFinite(a) && Number.isFinite(b)) return a / b;
  const size = (x: bigint): number => x.toString(16).length * 4;
  const shift = size(n < 0n ? -n : n) - size(d);
  const scaled = shift > 0 ? (n << 64n) / (d << BigInt(shift)) : (n << BigInt(64 - shift)) / d;
  return Number(scaled) * 2 ** (shift - 64);
}

export function real(re: number): Approximation {
  return { re, im: 0, error: Math.abs(re) * EPSILON };
}

export function magnitude(a: Approximation): number {
  return Math.hypot(a.re, a.im);
}

/** A real number: no imaginary part beyond rounding. */
export function realValue(a: Approximation | undefined): number | undefined {
  if (a === undefined || Number.isNaN(a.re)) return undefined;
  return Math.abs(a.im) <= 1e-12 * Math.max(1, Math.abs(a.re)) + a.error * 16 ? a.re : undefined;
}

const CONSTANTS: Readonly<Record<string, Approximation | undefined>> = {
  pi: real(Math.PI),
  e: real(Math.E),
  i: { re: 0, im: 1, error: 0 },
  infinity: { re: Infinity, im: 0, error: 0 },
  'golden-ratio': real((1 + Math.sqrt(5)) / 2),
  'euler-gamma': real(0.5772156649015329),
};

function fold(
  parts: readonly Expression[],
  value: (part: Expression) => Approximation | undefined,
  join: (a: Approximation, b: Approximation) => Approximation,
): Approximation | undefined {
  let total: Approximation | undefined;
  for (const part of parts) {
    const next = value(part);
    if (next === undefined) return undefined;
    total = total === undefined ? next : join(total, next);
  }
  return total;
}

function both(
  a: Approximation | undefined,
  b: Approximation | undefined,
  join: (a: Approximation, b: Approximation) => Approximation | undefined,
): Approximation | undefined {
  return a === undefined || b === undefined ? undefined : join(a, b);
}

export function plus(a: Approximation, b: Approximation): Approximation {
  return withError(a.re + b.re, a.im + b.im, a.error + b.error);
}

export function times(a: Approximation, b: Approximation): Approximation {
  const error = magnitude(a) * b.error + magnitude(b) * a.error;
  if (a.im === 0 && b.im === 0) return withError(a.re * b.re, 0, error);
  return withError(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error);
}

function withError(re: number, im: number, error: number): Approximation {
  return { re, im, error: error + Math.hypot(re, im) * EPSILON };
}

function power(a: Approximation, b: Approximation): Approximation | undefined {
  if (b.im === 0 && Number.isInteger(b.re) && Math.abs(b.re) <= 64) return integerPower(a, b.re);
  const relative = magnitude(a) > 0 ? a.error / magnitude(a) : 0;
  if (a.im === 0 && b.im === 0 && (a.re >= 0 || Number.isInteger(b.re))) {
    const value = Math.pow(a.re, b.re);
    return Number.isNaN(value)
      ? undefined
      : withError(
          value,
          0,
          Math.abs(value) * (relative * Math.abs(b.re) + b.error * Math.abs(Math.log(Math.abs(a.re) || 1))),
        );
  }
  if (magnitude(a) === 0) return b.re > 0 ? real(0) : undefined;
  const logarithm = log(a);
  return logarithm === undefined ? undefined : exp(times(b, logarithm));
}

function integerPower(a: Approximation, n: number): Approximation | undefined {
  let result = real(1);
  let base = a;
  for (let k = Math.abs(n); k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) result = times(result, base);
    base = times(base, base);
  }
  return n < 0 ? inverse(result) : result;
}

function inverse(a: Approximation): Approximation | undefined {
  // Squared, 99! would be beyond the range of doubles.
  if (a.im === 0 && a.re !== 0) return withError(1 / a.re, 0, a.error / a.re / a.re);
  const square = a.re * a.re + a.im * a.im;
  if (square === 0) return undefined;
  return withError(a.re / square, a.im === 0 ? 0 : -a.im / square, a.error / square);
}

function exp(a: Approximation): Approximation {
  const size = Math.exp(a.re);
  if (a.im === 0) return withError(size, 0, size * a.error);
  return withError(size * Math.cos(a.im), size * Math.sin(a.im), size * a.error);
}

function log(a: Approximation): Approximation | undefined {
  const size = magnitude(a);
  if (size === 0) return undefined;
  return withError(Math.log(size), Math.atan2(a.im, a.re), a.error / size);
}

type OneArgument = (x: number) => number;

/** Real functions; outside their real domain they give NaN and the value is taken for missing. */
const REAL: Partial<Record<FunctionName, OneArgument>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  cot: (x) => 1 / Math.tan(x),
  sec: (x) => 1 / Math.cos(x),
  csc: (x) => 1 / Math.sin(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  arccot: (x) => Math.atan(1 / x),
  arcsec: (x) => Math.acos(1 / x),
  arccsc: (x) => Math.asin(1 / x),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  coth: (x) => 1 / Math.tanh(x),
  sech: (x) => 1 / Math.cosh(x),
  csch: (x) => 1 / Math.sinh(x),
  arsinh: Math.asinh,
  arcosh: Math.acosh,
  artanh: Math.atanh,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  factorial: (x) => gamma(x + 1),
  gamma,
};

function called(
  e: CallExpression,
  inner: (part: Expression) => Approximation | undefined,
): Approximation | undefined {
  const args = e.args.map(inner);
  const [first, second] = args;
  if (first === undefined) return undefined;
  switch (e.name) {
    case 'exp':
      return exp(first);
    case 'ln':
      return log(first);
    case 'log':
      return both(log(first), second === undefined ? undefined : log(second), (a, b) =>
        both(a, inverse(b), times),
      );
    case 'abs':
      return { re: magnitude(first), im: 0, error: first.error };
    case 'max':
    case 'min':
    case 'gcd':
    case 'lcm':
    case 'mod':
    case 'binomial':
      return ofReals(e.name, args.map(realValue));
    default: {
      const f = REAL[e.name];
      const x = realValue(first);
      if (f === undefined || x === undefined) return undefined;
      const value = f(x);
      if (Number.isNaN(value)) return undefined;
      const step = Math.abs(x) * 1e-6 + 1e-6;
      const slope = Math.abs(f(x + step) - value) / step;
      return withError(value, 0, first.error * (Number.isFinite(slope) ? slope : 1));
    }
  }
}

function ofReals(name: string, args: readonly (number | undefined)[]): Approximation | undefined {
  const known = args.filter((x) => x !== undefined);
  const [a, b] = known;
  if (known.length !== args.length || a === undefined) return undefined;
  if (name === 'max') return real(Math.max(...known));
  if (name === 'min') return real(Math.min(...known));
  if (b === undefined) return undefined;
  if (name === 'mod') return b === 0 ? undefined : real(a - b * Math.floor(a / b));
  if (name === 'binomial') return real(gamma(a + 1) / (gamma(b + 1) * gamma(a - b + 1)));
  if (!known.every(Number.isSafeInteger)) return undefined;
  const divisor = known.reduce((x, y) => commonDivisor(x, y));
  return real(
    name === 'gcd' ? divisor : known.reduce((x, y) => Math.abs(x * y) / (commonDivisor(x, y) || 1)),
  );
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** Some smooth function of the values, another for each name: equal arguments give equal values. */
function unknownFunction(
  name: string,
  args: readonly (Approximation | undefined)[],
): Approximation | undefined {
  let seed = 7;
  for (const character of name) seed = (seed * 31 + character.charCodeAt(0)) % 9973;
  let [re, error] = [seed / 9973 + 1, 0];
  for (const [i, arg] of args.entries()) {
    if (arg === undefined) return undefined;
    re += Math.sin(arg.re * (1.1 + i * 0.37) + seed) + Math.cos(arg.im + i) * 0.3;
    error += arg.error * (2 + i);
  }
  return withError(re * (1 + seed / 997), 0, error * 10);
}
