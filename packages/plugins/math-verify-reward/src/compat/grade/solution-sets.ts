import type { Expression } from '../../answer/expression.js';
import { difference } from '../../answer/build.js';
import type { Budget } from '../../budget.js';
import { freeSymbols } from './free-symbols.js';
import { approximate, magnitude, real, times, type Approximation, type Bindings } from './numeric.js';

type Value = (bindings: Bindings) => Approximation | undefined;

const SAMPLES = [0.7312, -1.3741, 2.2193, -0.4127, 1.9183, 3.1047, 0.2791, -2.6519] as const;
const POINTS = 6;

/**
 * Whether two equations have the same solutions, as far as Math-Verify can tell: in two or more unknowns by solving
 * for one of them; in one unknown only where neither has a solution.
 */
export function sameSolutions(gold: Expression, prediction: Expression, budget: Budget): boolean {
  if (gold.kind !== 'relation' || prediction.kind !== 'relation') return false;
  const [f, g] = [sidesOf(gold.operands), sidesOf(prediction.operands)];
  const [names, others] = [freeSymbols(f, budget), freeSymbols(g, budget)];
  if (names.length < 2 || others.length < 2)
    return (
      names.length < 2 &&
      others.length < 2 &&
      isUnsolvable(f, names, budget) &&
      isUnsolvable(g, others, budget)
    );
  if ([...names].sort().join() !== [...others].sort().join()) return false;
  const value =
    (e: Expression): Value =>
    (bindings) =>
      approximate(e, bindings, budget);
  if (proportional(value(f), value(g), names)) return true;
  const verdicts = names.map((unknown) => sameRoots(value(f), value(g), names, unknown));
  return verdicts.includes(true) && !verdicts.includes(false);
}

function sidesOf(operands: readonly Expression[]): Expression {
  return difference(operands[0] as Expression, operands[1] as Expression);
}

function bindingsAt(names: readonly string[], point: number): Map<string, Approximation> {
  return new Map(
    names.map((name, i) => [name, real((SAMPLES[(point + i * 3) % SAMPLES.length] ?? 1) + 0.171 * i)]),
  );
}

/** One is a constant times the other. */
function proportional(f: Value, g: Value, names: readonly string[]): boolean {
  let ratio: Approximation | undefined;
  for (let point = 0; point < POINTS; point++) {
    const bindings = bindingsAt([...names].sort(), point);
    const [a, b] = [f(bindings), g(bindings)];
    if (a === undefined || b === undefined) return false;
    if (magnitude(a) <= 64 * a.error || magnitude(b) <= 64 * b.error) return false;
    const next = quotient(a, b);
    ratio ??= next;
    if (!(Math.hypot(next.re - ratio.re, next.im - ratio.im) <= 1e-9 * magnitude(ratio))) return false;
  }
  return true;
}

function quotient(a: Approximation, b: Approximation): Approximation {
  const square = b.re * b.re + b.im * b.im;
  return times(a, { re: b.re / square, im: -b.im / square, error: 0 });
}

/** Whether both vanish together as polynomials of at most second degree in one unknown; undefined where they are none. */
function sameRoots(f: Value, g: Value, names: readonly string[], unknown: string): boolean | undefined {
  let compared = 0;
  for (let point = 0; point < POINTS; point++) {
    const bindings = bindingsAt([...names].sort(), point);
    const [own, other] = [polynomial(f, bindings, unknown), polynomial(g, bindings, unknown)];
    if (own === undefined || other === undefined) return undefined;
    const [roots, otherRoots] = [rootsOf(own), rootsOf(other)];
    if (roots === undefined || otherRoots === undefined || roots.length !== otherRoots.length) return false;
    if (roots.length === 0) continue;
    if (!roots.every((x) => otherRoots.some((y) => closeTo(x, y)))) return false;
    if (!otherRoots.every((y) => roots.some((x) => closeTo(x, y)))) return false;
    compared++;
  }
  return compared >= 2 ? true : undefined;
}

type Polynomial = readonly [number, number, number];

/** Coefficients of 1, x and x^2; undefined where it is no such polynomial. */
function polynomial(
  f: Value,
  bindings: ReadonlyMap<string, Approximation>,
  unknown: string,
): Polynomial | undefined {
  const at = (x: number): number | undefined => {
    const value = f(new Map([...bindings, [unknown, real(x)]]));
    return value === undefined || Math.abs(value.im) > 64 * value.error ? undefined : value.re;
  };
  const [zero, one, minusOne, check, second] = [at(0), at(1), at(-1), at(2.7), at(-3.3)];
  if (zero === undefined || one === undefined || minusOne === undefined) return undefined;
  const quadratic = (one + minusOne) / 2 - zero;
  const linear = (one - minusOne) / 2;
  const scale = Math.abs(zero) + Math.abs(one) + Math.abs(minusOne);
  const fits = (x: number, value: number | undefined): boolean =>
    value !== undefined &&
    Math.abs(zero + linear * x + quadratic * x * x - value) <= 1e-9 * (scale + Math.abs(value));
  if (!fits(2.7, check) || !fits(-3.3, second)) return undefined;
  const clean = (c: number): number => (Math.abs(c) <= 1e-12 * scale ? 0 : c);
  return [zero, clean(linear), clean(quadratic)];
}

function rootsOf([c, b, a]: Polynomial): readonly (readonly [number, number])[] | undefined {
  if (a === 0) return b === 0 ? (c === 0 ? undefined : []) : [[-c / b, 0]];
  const discriminant = b * b - 4 * a * c;
  const half = Math.sqrt(Math.abs(discriminant)) / (2 * a);
  if (Math.abs(discriminant) <= 1e-12 * (b * b + Math.abs(4 * a * c))) return [[-b / (2 * a), 0]];
  if (discriminant > 0)
    return [
      [-b / (2 * a) + half, 0],
      [-b / (2 * a) - half, 0],
    ];
  return [
    [-b / (2 * a), half],
    [-b / (2 * a), -half],
  ];
}

function closeTo(x: readonly [number, number], y: readonly [number, number]): boolean {
  return Math.hypot(x[0] - y[0], x[1] - y[1]) <= 1e-8 * (1 + Math.hypot(...x));
}

/** An equation of numbers, or one in an unknown that holds nowhere or everywhere. */
function isUnsolvable(f: Expression, names: readonly string[], budget: Budget): boolean {
  const [unknown] = names;
  if (unknown === undefined) return true;
  const found = polynomial((bindings) => approximate(f, bindings, budget), new Map(), unknown);
  if (found === undefined) return false;
  const [c, b, a] = found;
  return a === 0 ? b === 0 : b * b - 4 * a * c < 0;
}
