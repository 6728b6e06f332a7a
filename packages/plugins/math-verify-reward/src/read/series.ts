import type { Expression } from '../answer/expression.js';
import { integer, symbol } from '../answer/build.js';
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

/** `\int_a^b f(x) dx`: opaque, the differential a factor like others. */
export function readIntegral(c: Cursor): Expression {
  return c.deeper(() => {
    const head = c.next().text === 'iint' ? 'double integral' : 'integral';
    let below: Expression | undefined;
    let above: Expression | undefined;
    for (let i = 0; i < 2; i++) {
      if (c.takeMark('_')) below = readArgument(c);
      else if (c.takeMark('^')) above = readArgument(c);
    }
    const parts = [below, above].filter((part) => part !== undefined);
    parts.push(readSum(c));
    return { kind: 'opaque', head, parts };
  });
}

/** `\lim_{x \to 0} f(x)`: opaque. */
export function readLimit(c: Cursor): Expression {
  return c.deeper(() => {
    c.next();
    const parts: Expression[] = [];
    if (c.takeMark('_')) {
      const braced = c.takeMark('{');
      parts.push(readOperand(c));
      if (c.takeMark('->')) parts.push(c.isMark('}') ? symbol('?') : readOperand(c));
      // One-sided limits.
      if (c.takeMark('^'))
        parts.push(c.takeMark('+') ? integer(1) : c.takeMark('-') ? integer(-1) : readArgument(c));
      if (braced && !c.takeMark('}') && !c.ended) c.fail('the end of what is below the limit');
    }
    parts.push(readTerm(c));
    return { kind: 'opaque', head: 'limit', parts };
  });
}
