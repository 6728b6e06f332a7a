import type { Expression } from '../answer/expression.js';
import { integer, product, symbol } from '../answer/build.js';
import { someExpression } from '../answer/tree.js';
import { readAtom } from './atoms.js';
import { readSum, readTerm } from './arithmetic.js';
import { readArgument } from './brackets.js';
import type { Cursor } from './cursor.js';
import { readOperand } from './relations.js';

/** `\sum_{k=1}^{n} body`, `\prod`: the body reaches to the next plus or minus. Without plain bounds opaque. */
export function readSeries(c: Cursor): Expression {
  return c.deeper(() => {
    const operation = c.next().text === 'sum' ? 'sum' : 'product';
    let below: Expression | undefined;
    let above: Expression | undefined;
    for (let i = 0; i < 2; i++) {
      if (c.takeMark('_')) below = withIndex(c);
      else if (c.takeMark('^')) above = readArgument(c);
    }
    const bound =
      below?.kind === 'relation' && below.operators.length === 1 && below.operators[0] === '='
        ? below
        : undefined;
    const [index, from] = bound?.operands ?? [];
    const name = index?.kind === 'symbol' ? index.name : index?.kind === 'constant' ? index.name : undefined;
    if (name !== undefined) c.indices.push(name);
    const body = readTerm(c);
    if (name !== undefined) c.indices.pop();
    if (name === undefined || from === undefined || above === undefined) {
      return {
        kind: 'opaque',
        head: operation,
        parts: [below, above, body].filter((part) => part !== undefined),
      };
    }
    return { kind: 'series', operation, index: name, from, to: above, body };
  });
}

/** The lower bound; its first letter is the index, were it i. */
function withIndex(c: Cursor): Expression {
  const first = c.isMark('{') ? c.peek(1) : c.token;
  c.indices.push(first.text);
  const below = readArgument(c);
  c.indices.pop();
  return below;
}

/** `\int_a^b f(x) dx`: opaque; integrand, variable and bounds where it ends in a differential, else as written. */
export function readIntegral(c: Cursor): Expression {
  return c.deeper(() => {
    const head = c.next().text === 'iint' ? 'double integral' : 'integral';
    let below: Expression | undefined;
    let above: Expression | undefined;
    for (let i = 0; i < 2; i++) {
      if (c.takeMark('_')) below = readArgument(c);
      else if (c.takeMark('^')) above = readArgument(c);
    }
    const bounds = [below, above].filter((part) => part !== undefined);
    const body = readSum(c);
    const split = head === 'integral' && bounds.length !== 1 ? withoutDifferential(body) : undefined;
    const parts = split === undefined ? [...bounds, body] : [split.body, split.variable, ...bounds];
    return { kind: 'opaque', head, parts };
  });
}

interface Integrand {
  readonly body: Expression;
  readonly variable: Expression;
}

/** Takes d and a symbol off the end of an integrand, were they read into the argument of its last function. */
function withoutDifferential(e: Expression): Integrand | undefined {
  const split = differentialAtEnd(e);
  if (split === undefined) return undefined;
  // Another differential within: of a double integral, say.
  return someExpression(split.body, (part) => part.kind === 'symbol' && part.name === 'd')
    ? undefined
    : split;
}

function differentialAtEnd(e: Expression): Integrand | undefined {
  switch (e.kind) {
    case 'product': {
      const [d, variable] = e.factors.slice(-2);
      const rest = e.factors.slice(0, -2);
      if (d?.kind === 'symbol' && d.name === 'd' && variable?.kind === 'symbol')
        return { body: rest.length === 0 ? integer(1) : product(...rest), variable };
      return inLast(e.factors, (factors) => product(...factors));
    }
    case 'sum':
      return inLast(e.terms, (terms) => ({ kind: 'sum', terms }));
    case 'call':
      return e.args.length === 1 ? inLast(e.args, (args) => ({ ...e, args })) : undefined;
    default:
      return undefined;
  }
}

function inLast(
  parts: readonly Expression[],
  join: (parts: readonly Expression[]) => Expression,
): Integrand | undefined {
  const last = parts.at(-1);
  const split = last && differentialAtEnd(last);
  return split && { body: join([...parts.slice(0, -1), split.body]), variable: split.variable };
}

/** `\lim_{x \to 0^+} f(x)`: opaque; body, variable, target, and 1 or -1 for the side. */
export function readLimit(c: Cursor): Expression {
  return c.deeper(() => {
    c.next();
    const below: Expression[] = [];
    if (c.takeMark('_')) {
      const braced = c.takeMark('{');
      below.push(readOperand(c));
      if (c.takeMark('->')) below.push(...(c.isMark('}') ? [symbol('?')] : readTarget(c)));
      if (braced && !c.takeMark('}') && !c.ended) c.fail('the end of what is below the limit');
    }
    return { kind: 'opaque', head: 'limit', parts: [readTerm(c), ...below] };
  });
}

/** What the variable goes to, and from which side. */
function readTarget(c: Cursor): Expression[] {
  const braced = c.peek(2).text === '{';
  const sign = c.peek(braced ? 3 : 2).text;
  if (c.peek(1).text !== '^' || (sign !== '+' && sign !== '-') || c.peek(braced ? 4 : 3).text !== '}')
    return [readOperand(c)];
  const target = readAtom(c);
  for (let taken = braced ? 4 : 2; taken > 0; taken--) c.next();
  return [target, integer(sign === '+' ? 1 : -1)];
}
