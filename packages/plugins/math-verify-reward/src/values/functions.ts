import type { CallExpression } from '../answer/expression.js';
import {
  type Ball,
  floorOfBall,
  integerIn,
  negateBall,
  ONE_BALL,
  signOfBall,
  subtractBalls,
} from './ball.js';
import {
  absoluteComplex,
  type ComplexBall,
  complexOf,
  cosSinComplex,
  isReal,
  lnComplex,
  realBall,
} from './complex-ball.js';
import { angleOf } from './elementary.js';
import type { Evaluation } from './evaluate.js';
import { integerFunction } from './exact-value.js';
import { binomialBall, gammaBall } from './gamma.js';
import { arccosComplex, arcsinComplex, arctanComplex } from './inverse-trigonometry.js';

/** Value of one of the core functions at arguments that are known. */
export function callAt(
  e: CallExpression,
  args: readonly ComplexBall[],
  at: Evaluation,
): ComplexBall | undefined {
  const [x, y] = args;
  if (x === undefined) return undefined;
  const { bits, budget } = at;
  const cost = COSTS[e.name];
  budget.spend((cost ?? 5) * at.unit);
  switch (e.name) {
    case 'sin':
      return cosSinComplex(x, bits)?.[1];
    case 'cos':
      return cosSinComplex(x, bits)?.[0];
    case 'arcsin':
      return arcsinComplex(x, bits);
    case 'arccos':
      return arccosComplex(x, bits);
    case 'arctan':
      return arctanComplex(x, bits);
    case 'ln':
      return lnComplex(x, bits);
    case 'abs':
      return real(absoluteComplex(x, bits));
    case 're':
      return realBall(x.re);
    case 'im':
      return realBall(x.im);
    case 'conjugate':
      return { re: x.re, im: negateBall(x.im) };
    case 'arg':
      return real(angleOf(x.im, x.re, bits));
    case 'sign': {
      const sign = isReal(x) ? signOfBall(x.re) : undefined;
      return sign === undefined ? undefined : complexOf({ n: BigInt(sign), d: 1n }, bits);
    }
    case 'floor': {
      const floor = isReal(x) ? floorOfBall(x.re) : undefined;
      return floor === undefined ? undefined : complexOf({ n: floor, d: 1n }, bits);
    }
    case 'min':
    case 'max':
      return extreme(args, e.name === 'min', bits);
    default:
      return integral(e, args, y, at);
  }
}

/** Steps in multiplications, for the functions that take many. */
const COSTS: Partial<Record<CallExpression['name'], number>> = {
  sin: 40,
  cos: 40,
  arcsin: 120,
  arccos: 120,
  arctan: 100,
  ln: 80,
  arg: 100,
  gamma: 40,
  factorial: 40,
};

function real(value: Ball | undefined): ComplexBall | undefined {
  return value && realBall(value);
}

function extreme(args: readonly ComplexBall[], least: boolean, bits: number): ComplexBall | undefined {
  let best: Ball | undefined;
  for (const arg of args) {
    if (!isReal(arg)) return undefined;
    if (best === undefined) {
      best = arg.re;
      continue;
    }
    const sign = signOfBall(subtractBalls(arg.re, best, bits));
    if (sign === undefined) return undefined;
    if (least ? sign < 0 : sign > 0) best = arg.re;
  }
  return real(best);
}

function integral(
  e: CallExpression,
  args: readonly ComplexBall[],
  second: ComplexBall | undefined,
  at: Evaluation,
): ComplexBall | undefined {
  const integers: bigint[] = [];
  for (const arg of args) {
    const n = isReal(arg) ? integerIn(arg.re) : undefined;
    if (n === undefined) break;
    integers.push(n);
  }
  if (integers.length === args.length) {
    const value = integerFunction(e.name, integers, integers[1], at.budget);
    if (value !== undefined) return complexOf({ n: value, d: 1n }, at.bits);
  }
  const [x] = args;
  if (x === undefined || !isReal(x)) return undefined;
  switch (e.name) {
    case 'gamma':
      return real(gammaBall(x.re, at.bits, at.budget));
    case 'factorial':
      return real(gammaBall(subtractBalls(x.re, negateBall(ONE_BALL), at.bits + 8), at.bits, at.budget));
    case 'binomial': {
      const k = second && isReal(second) ? integerIn(second.re) : undefined;
      return k === undefined ? undefined : real(binomialBall(x.re, k, at.bits, at.budget));
    }
    default:
      return undefined;
  }
}
