import { lookUp } from './look-up.js';
import { exact, product, reciprocal, symbol } from '../answer/build.js';
import type { Expression } from '../answer/expression.js';
import { rational } from '../values/rational.js';
import { readTerm } from './arithmetic.js';
import { readArgument } from './brackets.js';
import type { Cursor } from './cursor.js';
import { SYMBOL_NAMES } from './names.js';
import { isExactNumber } from './number-forms.js';
import type { Token } from './token.js';

/** `\frac{a}{b}` and its variants, `\frac12`; derivatives are written like it. */
export function readFraction(c: Cursor): Expression {
  c.next();
  const derivative = readDerivative(c);
  if (derivative !== undefined) return derivative;
  const top = readArgument(c);
  const bottom = readArgument(c);
  return quotientOf(top, bottom);
}

/** a / b; of two exact numbers the fraction itself. */
export function quotientOf(a: Expression, b: Expression): Expression {
  const exactly = isExactNumber(a) && isExactNumber(b) && b.value.n !== 0n;
  if (exactly) return exact(rational(a.value.n * b.value.d, a.value.d * b.value.n));
  const inverse = reciprocal(b);
  return isExactNumber(a) && a.value.n === a.value.d ? inverse : product(a, inverse);
}

/** `\frac{dy}{dx}`, `\frac{d^2 y}{d t^2}`, with \partial too: opaque. */
function readDerivative(c: Cursor): Expression | undefined {
  const start = c.position;
  if (!c.isMark('{') || !isDifferential(c.peek(1))) return undefined;
  let at = 1;
  for (let depth = 1; depth > 0; at++) {
    const { kind, text } = c.peek(at);
    if (kind === 'end' || at > 60) return undefined;
    if (kind === 'mark' && text === '{') depth++;
    if (kind === 'mark' && text === '}') depth--;
  }
  if (c.peek(at).text !== '{' || !isDifferential(c.peek(at + 1))) return undefined;
  // Below: d and one variable, with a power or not.
  const variable = c.peek(at + 2);
  if (variable.kind !== 'letter' && variable.kind !== 'command' && variable.kind !== 'word') return undefined;
  let end = at + 3;
  if (c.peek(end).text === '^') end += c.peek(end + 1).text === '{' ? 4 : 2;
  if (c.peek(end).text !== '}') return undefined;
  c.next();
  c.next();
  const order = c.takeMark('^') ? readArgument(c) : undefined;
  c.symbols++;
  const parts: Expression[] = [];
  if (!c.isMark('}')) parts.push(readTerm(c));
  if (!c.takeMark('}')) {
    c.position = start;
    return undefined;
  }
  c.position = start + end + 1;
  parts.push(symbol(lookUp(SYMBOL_NAMES, variable.text) ?? variable.text));
  if (order !== undefined) parts.push(order);
  return { kind: 'opaque', head: 'derivative', parts };
}

function isDifferential(token: Token): boolean {
  return (
    (token.kind === 'letter' && token.text === 'd') || (token.kind === 'command' && token.text === 'partial')
  );
}
