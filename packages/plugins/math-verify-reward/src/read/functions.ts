import { isWholeNumber } from '../answer/tree.js';
import { call, integer, power, product, productOf, sum } from '../answer/build.js';
import type { Expression, FunctionName } from '../answer/expression.js';
import { readAtom, startsAtom } from './atoms.js';
import { quotientOf } from './fractions.js';
import { readFactor } from './factors.js';
import { readArgument, readArgumentList } from './brackets.js';
import type { Cursor } from './cursor.js';
import { FUNCTIONS, INVERSES } from './names.js';

/**
 * A named function with its base, power and argument: `\log_2 8`, `\sin^2 x`, `\tan^{-1} 1`, `\sin 2x`, `max(1, 2)`.
 * An argument without brackets reaches to the next sign, function or bracket: sin 2x cos x is sin(2x) cos(x).
 */
export function readFunction(c: Cursor): Expression {
  return c.deeper(() => {
    const spelling = c.next().text;
    const name = FUNCTIONS[spelling] ?? 'sin';
    if (spelling === 'cis') return readCis(c);
    const base = readBase(c, name);
    let exponent: Expression | undefined;
    if (c.takeMark('^')) exponent = readPower(c);
    const inverse = exponent !== undefined && isWholeNumber(exponent, -1n) ? INVERSES[name] : undefined;
    const args = readArguments(c);
    const value: Expression = { kind: 'call', name: inverse ?? name, args: withBase(name, args, base) };
    return exponent === undefined || inverse !== undefined ? value : power(value, exponent);
  });
}

/** Below the name, or in programs right after it: `log2(8)`. */
function readBase(c: Cursor, name: FunctionName): Expression | undefined {
  if (c.takeMark('_')) return readArgument(c);
  const programmed =
    name === 'log' && c.token.kind === 'digits' && c.token.gap === '' && c.peek(1).text === '(';
  return programmed ? readArgument(c) : undefined;
}

/** cos x + i sin x */
function readCis(c: Cursor): Expression {
  const args = readArguments(c);
  return sum(call('cos', ...args), product({ kind: 'constant', name: 'i' }, call('sin', ...args)));
}

function readPower(c: Cursor): Expression {
  if (c.isMark('{')) return readArgument(c);
  if (c.isMark('-') || c.isMark('+')) {
    const negative = c.next().text === '-';
    const size = readAtom(c);
    return negative && size.kind === 'number' ? integer(-size.value.n) : size;
  }
  return readArgument(c);
}

/** Logarithms have base 10 where none is written. */
function withBase(
  name: FunctionName,
  args: readonly Expression[],
  base: Expression | undefined,
): readonly Expression[] {
  if (name !== 'log' || args.length !== 1) return args;
  return [...args, base ?? integer(10)];
}

function readArguments(c: Cursor): readonly Expression[] {
  if (c.isMark('(') || c.isMark('[') || c.isMark('\\{')) {
    const args = readArgumentList(c);
    return args.length > 0 ? args : c.fail('an argument');
  }
  if (c.isMark('{')) return [readArgument(c)];
  return [readBareArgument(c)];
}

function readBareArgument(c: Cursor): Expression {
  const negative = c.takeMark('-');
  const factors = [readFactor(c)];
  while (continuesArgument(c, factors)) {
    c.budget.spend();
    factors.push(readFactor(c));
  }
  let argument = productOf(factors);
  // sin pi/3 and cos 2pi/7, but (sin x)/2.
  if (c.isMark('/') && c.peek(1).kind === 'digits' && isMultipleOfPi(argument)) {
    c.next();
    argument = quotientOf(argument, readAtom(c));
  }
  return negative ? product(integer(-1), argument) : argument;
}

function continuesArgument(c: Cursor, factors: readonly Expression[]): boolean {
  if (!startsAtom(c)) return false;
  const { kind, text } = c.token;
  const last = factors[factors.length - 1];
  if (kind === 'word' || (kind === 'command' && text !== 'frac')) {
    if (Object.hasOwn(FUNCTIONS, text)) return false;
  }
  if (kind === 'digits') return last?.kind !== 'number';
  if (kind === 'mark') return last?.kind === 'number' && text === '(' && c.token.gap === '';
  return kind !== 'command' || (text !== 'sum' && text !== 'int' && text !== 'prod' && text !== 'begin');
}

function isMultipleOfPi(e: Expression): boolean {
  if (e.kind === 'constant') return e.name === 'pi';
  return (
    e.kind === 'product' && e.factors.every((factor) => factor.kind === 'number' || isMultipleOfPi(factor))
  );
}
