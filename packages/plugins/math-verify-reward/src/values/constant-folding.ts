import { exact } from '../answer/build.js';
import type { CallExpression, Expression } from '../answer/expression.js';
import type { Budget } from '../budget.js';
import { floorOfBall } from './ball.js';
import { type ComplexBall, isReal } from './complex-ball.js';
import { rationalOfForm } from './constant.js';
import { evaluateForm, evaluation } from './evaluate.js';
import { exactValue } from './exact-value.js';
import { freeSymbols } from './free-symbols.js';

/** Functions that jump, or are defined for whole numbers alone: an enclosure of their argument may not be enough. */
const SENSITIVE = new Set([
  'floor',
  'sign',
  'factorial',
  'double-factorial',
  'subfactorial',
  'gamma',
  'binomial',
  'gcd',
  'lcm',
  'totient',
]);

const NO_SYMBOLS: ReadonlyMap<string, ComplexBall> = new Map();

/** The call with constant arguments replaced by their rational values, and a floor by its integer, where there is one. */
export function foldConstants(e: CallExpression, budget: Budget): Expression {
  if (!SENSITIVE.has(e.name) || freeSymbols(e).size > 0) return e;
  const folded: CallExpression = { ...e, args: e.args.map((arg) => foldArgument(arg, budget)) };
  const value = exactValue(folded, budget);
  if (value !== undefined) return exact(value);
  const [x] = folded.args;
  if (e.name !== 'floor' || x === undefined) return folded;
  for (const bits of [96, 384]) {
    const enclosure = evaluateForm(x, evaluation(NO_SYMBOLS, bits, budget, false));
    const floor = enclosure && isReal(enclosure) ? floorOfBall(enclosure.re) : undefined;
    if (floor !== undefined) return exact({ n: floor, d: 1n });
  }
  return folded;
}

function foldArgument(e: Expression, budget: Budget): Expression {
  if (e.kind === 'number') return e;
  const value = rationalOfForm(e, budget);
  return value === undefined ? e : exact(value);
}
