import type { Expression, FunctionName } from '../../answer/expression.js';
import { call, integer, power } from '../../answer/build.js';
import { isMatrix, isWhole } from './construct.js';
import { Unconvertible } from './readings.js';

/** Functions of one argument by command or operator name. */
const PLAIN: Readonly<Record<string, FunctionName>> = {
  arcsin: 'arcsin',
  arccos: 'arccos',
  arctan: 'arctan',
  arccsc: 'arccsc',
  arcsec: 'arcsec',
  arccot: 'arccot',
  arsinh: 'arsinh',
  arcosh: 'arcosh',
  artanh: 'artanh',
  arcsinh: 'arsinh',
  arccosh: 'arcosh',
  arctanh: 'artanh',
  exp: 'exp',
  floor: 'floor',
  ceil: 'ceil',
  gamma: 'gamma',
  Gamma: 'gamma',
};

/** Those whose power -1 is the inverse. */
const WITH_INVERSE: Readonly<Record<string, readonly [FunctionName, FunctionName]>> = {
  sin: ['sin', 'arcsin'],
  cos: ['cos', 'arccos'],
  tan: ['tan', 'arctan'],
  csc: ['csc', 'arccsc'],
  sec: ['sec', 'arcsec'],
  cot: ['cot', 'arccot'],
  sinh: ['sinh', 'arsinh'],
  cosh: ['cosh', 'arcosh'],
  tanh: ['tanh', 'artanh'],
};

/** Those that take a matrix and nothing else. */
const OF_MATRICES: Readonly<Record<string, FunctionName>> = {
  det: 'determinant',
  trace: 'trace',
  tr: 'trace',
  rank: 'rank',
  norm: 'norm',
};

export interface FunctionParts {
  readonly name: string;
  readonly subscript?: Expression;
  readonly exponent?: Expression;
}

/** A function of one argument with what stands below and above its name. */
export function applied({ name, subscript, exponent }: FunctionParts, argument: Expression): Expression {
  if (name === 'log' || name === 'ln') {
    const base = subscript ?? (name === 'log' ? integer(10) : undefined);
    return raised(base === undefined ? call('ln', argument) : call('log', argument, base), exponent);
  }
  const pair = WITH_INVERSE[name];
  if (pair !== undefined) {
    const inverse = exponent?.kind === 'number' && exponent.value.n === -1n && exponent.value.d === 1n;
    return inverse ? call(pair[1], argument) : raised(call(pair[0], argument), exponent);
  }
  const ofMatrix = OF_MATRICES[name];
  if (ofMatrix !== undefined) {
    if (!isMatrix(argument)) throw new Unconvertible(`${name} of what is no matrix`);
    return raised(call(ofMatrix, argument), exponent);
  }
  if ((name === 'gamma' || name === 'Gamma') && isWhole(argument)) {
    const n = argument.value.n;
    if (n > 0n && n <= 100n) return raised(integer(factorial(n - 1n)), exponent);
  }
  const plain = PLAIN[name];
  if (plain === undefined) throw new Unconvertible(`unsupported function ${name}`);
  return raised(call(plain, argument), exponent);
}

/** A function of several arguments. */
export function appliedToAll(
  name: string,
  exponent: Expression | undefined,
  args: readonly Expression[],
): Expression {
  if (name !== 'gcd' && name !== 'lcm' && name !== 'max' && name !== 'min')
    throw new Unconvertible(`unsupported function ${name}`);
  return raised(call(name, ...args), exponent);
}

function raised(base: Expression, exponent: Expression | undefined): Expression {
  if (exponent === undefined || (exponent.kind === 'number' && exponent.value.n === 0n)) return base;
  return power(base, exponent);
}

function factorial(n: bigint): bigint {
  let result = 1n;
  for (let k = 2n; k <= n; k++) result *= k;
  return result;
}
