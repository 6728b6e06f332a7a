import type { CallExpression } from '../answer/expression.js';
import { powerOfRational, primeGenerator } from './canonical-power.js';
import { constant, generated, isNegative, keyOf, negated, other, rationalIn } from './fractions.js';
import {
  negatePolynomial,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  polynomialOf,
  timesRational,
  ZERO_POLYNOMIAL,
} from './polynomial.js';
import { primePowers } from './primes.js';
import { isInteger, ONE, type Rational } from './rational.js';
import type { Fraction } from './generator.js';
import type { Ring } from './ring.js';
import { TooLarge } from './too-large.js';
import { valueAtTurn } from './turns.js';
import { writtenOut } from './written-out.js';

/** One of the core functions at canonical arguments that are not all numbers. */
export function callOf(e: CallExpression, args: readonly Fraction[], ring: Ring): Fraction | undefined {
  const [x, y] = args;
  if (x === undefined) throw new TooLarge();
  switch (e.name) {
    case 'sin':
    case 'arcsin':
    case 'arctan':
      return isNegative(x) ? negated(withOneArgument(e, negated(x), ring)) : withOneArgument(e, x, ring);
    case 'cos':
    case 'abs':
      return withOneArgument(e, isNegative(x) ? negated(x) : x, ring);
    case 'ln':
      return logarithm(x, ring);
    case 'binomial': {
      const k = y && rationalIn(y);
      if (k === undefined || !isInteger(k) || k.n < 0n || k.n > 12n) break;
      let result: Fraction | undefined = constant(ONE);
      for (let j = 0n; j < k.n; j += 1n) {
        const factor: Fraction | undefined = ring.add(x, constant({ n: -j, d: 1n }));
        const part: Fraction | undefined = factor && ring.times(factor, constant({ n: 1n, d: j + 1n }));
        if (part === undefined || result === undefined) return undefined;
        result = ring.times(result, part);
      }
      return result;
    }
    case 'factorial':
      return factorialOf(x, ring);
    case 'gcd':
    case 'lcm':
    case 'min':
    case 'max':
      return other(
        `${e.name}(${args
          .map((arg) => keyOf(arg, ring))
          .sort()
          .join('; ')})`,
        e,
        ring,
      );
    default:
      break;
  }
  return other(`${e.name}(${args.map((arg) => keyOf(arg, ring)).join('; ')})`, e, ring);
}

/** A function of one argument; sines know their cosines. */
function withOneArgument(e: CallExpression, x: Fraction, ring: Ring): Fraction {
  if (x.num.size === 0) return constant({ n: e.name === 'cos' ? 1n : 0n, d: 1n });
  if (e.name === 'cos' || e.name === 'sin') {
    const known = valueAtTurn(e.name, x, ring, (n) => squareRoot(n, ring));
    if (known !== undefined) return known;
  }
  const key = keyOf(x, ring);
  const of = (name: CallExpression['name']): number =>
    ring.generator(`${name}(${key})`, () => ({
      kind: 'other',
      expression: { kind: 'call', name, args: [writtenOut(x, ring)] },
      positive: false,
    }));
  if (e.name !== 'sin') return generated(ring, of(e.name));
  const sine = ring.generator(`sin(${key})`, () => {
    const cosine = of('cos');
    const square = ring.power(cosine, 2, 1);
    return {
      kind: 'other',
      expression: { kind: 'call', name: 'sin', args: [writtenOut(x, ring)] },
      positive: false,
      relation: {
        at: 2,
        value: new Map([...ONE_POLYNOMIAL, ...negatePolynomial(square)]),
      },
    };
  });
  return generated(ring, sine);
}

function squareRoot(n: bigint, ring: Ring): Polynomial {
  return powerOfRational({ n, d: 1n }, { n: 1n, d: 2n }, false, ring)?.num ?? ZERO_POLYNOMIAL;
}

/** The logarithm of a product of constants above zero is taken apart: into logarithms of primes, and of what is left. */
function logarithm(x: Fraction, ring: Ring): Fraction | undefined {
  const only = x.den === ONE_POLYNOMIAL ? onlyTerm(x.num) : undefined;
  if (x.num.size === 0) return undefined;
  if (only === undefined || only.coefficient.n < 0n) return lnAtom(x, ring);
  let result: Fraction | undefined = constant({ n: 0n, d: 1n });
  const inside = [];
  const plus = (name: number, factor: Rational): void => {
    const term: Fraction = { num: timesRational(ring.power(name, 1, 1), factor), den: ONE_POLYNOMIAL };
    result = result && ring.add(result, term);
  };
  for (const [whole, direction] of [
    [only.coefficient.n, 1n],
    [only.coefficient.d, -1n],
  ] as const)
    if (whole > 1n)
      for (const { factor, times, certain } of primePowers(whole, ring))
        plus(lnOf(primeGenerator(factor, certain, ring), ring), { n: direction * BigInt(times), d: 1n });
  for (const factor of only.factors) {
    const { name, positive } = ring.at(factor.generator);
    const times: Rational = { n: BigInt(factor.n), d: BigInt(factor.d) };
    if (!positive) inside.push(factor);
    else if (name === 'e') result = result && ring.add(result, constant(times));
    else plus(lnOf(factor.generator, ring), times);
  }
  if (inside.length === 0) return result;
  const rest: Fraction = { num: polynomialOf({ factors: inside, coefficient: ONE }), den: ONE_POLYNOMIAL };
  const last = lnAtom(rest, ring);
  return result && ring.add(result, last);
}

/** The logarithm of a generator above zero. */
function lnOf(generator: number, ring: Ring): number {
  const { name, expression } = ring.at(generator);
  return ring.generator(`ln ${name}`, () => ({
    kind: 'other',
    expression: { kind: 'call', name: 'ln', args: [expression] },
    positive: false,
    inverse: generated(ring, generator),
  }));
}

function lnAtom(x: Fraction, ring: Ring): Fraction {
  return generated(
    ring,
    ring.generator(`ln(${keyOf(x, ring)})`, () => ({
      kind: 'other',
      expression: { kind: 'call', name: 'ln', args: [writtenOut(x, ring)] },
      positive: false,
      inverse: x,
    })),
  );
}

/** (u + c)! = (u + 1) ... (u + c) u! for an integer c, so that quotients of neighbouring factorials cancel. */
function factorialOf(x: Fraction, ring: Ring): Fraction | undefined {
  const shift = x.den === ONE_POLYNOMIAL ? x.num.get('')?.coefficient : undefined;
  let base = x;
  let result: Fraction | undefined = constant(ONE);
  if (shift !== undefined && isInteger(shift) && shift.n <= 20n && shift.n >= -20n && x.num.size > 1) {
    base = { num: new Map([...x.num].filter(([key]) => key !== '')), den: ONE_POLYNOMIAL };
    for (let j = 1n; j <= shift.n && result; j += 1n) {
      const factor: Fraction | undefined = ring.add(base, constant({ n: j, d: 1n }));
      result = factor && ring.times(result, factor);
    }
    for (let j = 0n; j > shift.n && result; j -= 1n) {
      const factor: Fraction | undefined = ring.add(base, constant({ n: j, d: 1n }));
      const inverse: Fraction | undefined = factor && ring.invert(factor);
      result = inverse && ring.times(result, inverse);
    }
  }
  const generator = ring.generator(`factorial(${keyOf(base, ring)})`, () => ({
    kind: 'other',
    expression: { kind: 'call', name: 'factorial', args: [writtenOut(base, ring)] },
    positive: false,
  }));
  return result && ring.times(result, generated(ring, generator));
}
