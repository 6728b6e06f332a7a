import {
  call,
  difference,
  integer,
  minus,
  power,
  product,
  quotient,
  reciprocal,
  root,
  sum,
} from '../src/answer/build.js';
import { type Expression, FUNCTION_NAMES, type FunctionName } from '../src/answer/expression.js';
import { rational } from '../src/values/rational.js';

/**
 * Expressions for tests in a small notation of their own, so that tests of values do not hang on the reader: + - * / ^ !,
 * `sqrt(x)`, `root(x, n)`, functions by their names, `f(...)` for any other name, `sum(k, a, b, body)`,
 * `deg(x)`, `x%`, pi, e, i, inf; every other word is a symbol.
 */
export function written(text: string): Expression {
  const tokens = [...text.matchAll(/\d+(?:\.\d+)?|[a-zA-Z_]\w*|\S/g)].map(([token]) => token);
  let at = 0;
  const eat = (token: string): boolean => tokens[at] === token && (at += 1) > 0;
  const additive = (): Expression => {
    let left = multiplicative();
    for (;;) {
      if (eat('+')) left = sum(left, multiplicative());
      else if (eat('-')) left = difference(left, multiplicative());
      else return left;
    }
  };
  const multiplicative = (): Expression => {
    let left = signed();
    for (;;) {
      if (eat('*')) left = product(left, signed());
      else if (eat('/')) left = quotient(left, signed());
      else return left;
    }
  };
  const signed = (): Expression => (eat('-') ? minus(signed()) : raised());
  const raised = (): Expression => {
    const base = postfix();
    return eat('^') ? power(base, signed()) : base;
  };
  const postfix = (): Expression => {
    let value = primary();
    for (;;) {
      if (eat('!')) value = call('factorial', value);
      else if (eat('%')) value = { kind: 'percent', value };
      else return value;
    }
  };
  const primary = (): Expression => {
    if (eat('(')) {
      const inner = additive();
      eat(')');
      return inner;
    }
    const token = tokens[at] ?? '0';
    at += 1;
    if (/^\d/.test(token)) {
      const [whole = '0', part = ''] = token.split('.');
      return { kind: 'number', value: rational(BigInt(whole + part), 10n ** BigInt(part.length)) };
    }
    if (eat('(')) {
      const args: Expression[] = [];
      while (!eat(')') && at < tokens.length) {
        args.push(additive());
        eat(',');
      }
      return applied(token, args);
    }
    return CONSTANTS[token] ?? { kind: 'symbol', name: token };
  };
  return additive();
}

const CONSTANTS: Readonly<Record<string, Expression>> = {
  pi: { kind: 'constant', name: 'pi' },
  e: { kind: 'constant', name: 'e' },
  i: { kind: 'constant', name: 'i' },
  phi: { kind: 'constant', name: 'golden-ratio' },
  inf: { kind: 'constant', name: 'infinity' },
};

function applied(name: string, args: readonly Expression[]): Expression {
  const [x = integer(0), y = integer(0), z = integer(0), body = integer(0)] = args;
  switch (name) {
    case 'sqrt':
      return power(x, reciprocal(integer(2)));
    case 'root':
      return root(x, y);
    case 'deg':
      return { kind: 'degrees', value: x };
    case 'sum':
    case 'product':
      return {
        kind: 'series',
        operation: name,
        index: x.kind === 'symbol' ? x.name : '',
        from: y,
        to: z,
        body,
      };
    default:
      return (FUNCTION_NAMES as readonly string[]).includes(name)
        ? call(name as FunctionName, ...args)
        : { kind: 'application', name, args };
  }
}
